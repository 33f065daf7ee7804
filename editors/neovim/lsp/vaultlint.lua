-- vaultlint for Neovim 0.11 or later. Copy this file to ~/.config/nvim/lsp/, and add this to init.lua: vim.lsp.enable('vaultlint').
return {
  cmd = { 'vaultlint', 'server' },
  filetypes = { 'markdown' },
  root_markers = { { 'vaultlint.toml', '.obsidian' }, '.git' },
}
