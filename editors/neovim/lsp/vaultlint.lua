-- vaultlint for Neovim from 0.11. Put this file into ~/.config/nvim/lsp/ and say vim.lsp.enable('vaultlint').
return {
  cmd = { 'vaultlint', 'server' },
  filetypes = { 'markdown' },
  root_markers = { { 'vaultlint.toml', '.obsidian' }, '.git' },
}
