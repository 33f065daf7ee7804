;; What somebody does in Emacs with eglot; what came of it goes as JSON into the file $RESULT.
(require 'eglot)
(require 'flymake)
(require 'json)

(define-derived-mode notes-mode text-mode "Notes")
(add-to-list 'auto-mode-alist '("\\.md\\'" . notes-mode))
(add-to-list 'eglot-server-programs '(notes-mode . ("vaultlint" "server")))
(setq eglot-sync-connect 60 eglot-connect-timeout 60 make-backup-files nil auto-save-default nil
      create-lockfiles nil vc-handled-backends nil eglot-confirm-server-initiated-edits nil
      project-find-functions (list (lambda (_) (cons 'transient default-directory))))

(defun wait-for (what is-there)
  (let ((end (+ (float-time) 60)))
    (while (not (funcall is-there))
      (when (> (float-time) end) (error "no %s came" what))
      (accept-process-output nil 0.1))))

(defun say (results)
  (with-temp-file (getenv "RESULT") (insert (json-encode results))))

(condition-case problem
    (with-current-buffer (find-file-noselect "Physics.md")
      (call-interactively #'eglot)
      (wait-for "diagnostic" (lambda () (flymake-start) (flymake-diagnostics)))
      (let ((found (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
        (goto-char (point-max))
        (insert "See [[isa")
        (let* ((at (funcall #'eglot-completion-at-point))
               (offered (all-completions "isa" (nth 2 at))))
          (goto-char (point-min))
          (search-forward "# La")
          (eglot-rename "Three laws")
          (save-some-buffers t)
          (say (list (cons 'diagnostics (vconcat found))
                     (cons 'offered (vconcat (mapcar #'substring-no-properties offered)))
                     (cons 'renamed (buffer-string)))))))
  (error (say (list (cons 'problem (error-message-string problem))))))
(kill-emacs 0)
