-- What somebody does in Neovim; each step says what came of it, as JSON in the file $RESULT.
local results = {}

local function client()
  return vim.lsp.get_clients({ name = 'vaultlint', bufnr = 0 })[1]
end

local function wait_for(what, is_there)
  if not vim.wait(60000, is_there, 50) then
    error('no ' .. what .. ' came')
  end
end

local function place(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local _, last = line:find(text, 1, true)
    if last then
      vim.api.nvim_win_set_cursor(0, { number, last - 1 })
      return
    end
  end
  error(text .. ' is not there')
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

local function finish(problem)
  results.problem = problem
  vim.fn.writefile({ vim.json.encode(results) }, vim.env.RESULT)
  vim.cmd('qall!')
end

local function start(work)
  local ok, problem = pcall(work)
  if not ok then
    finish(problem)
  end
end

-- As `wait_for`, but keys that are typed go on meanwhile.
local function when(what, is_there, work, left)
  if is_there() then
    start(work)
  elseif left == 0 then
    finish('no ' .. what .. ' came: ' .. text())
  else
    vim.defer_fn(function() when(what, is_there, work, (left or 600) - 1) end, 50)
  end
end

local function rename()
  vim.cmd('silent write')
  place('[[Newt')
  vim.lsp.buf.rename('Isaac Newton')
  wait_for('rename', function() return text():find('[[Isaac Newton', 1, true) end)
  results.renamed = text()
  vim.cmd('silent wall')

  local old, new = vim.fn.getcwd() .. '/Talks', vim.fn.getcwd() .. '/Old talks'
  local files = { { oldUri = vim.uri_from_fname(old), newUri = vim.uri_from_fname(new) } }
  local answer = client():request_sync('workspace/willRenameFiles', { files = files }, 60000, 0)
  vim.lsp.util.apply_workspace_edit(answer.result, client().offset_encoding)
  vim.cmd('silent wall')
  vim.uv.fs_rename(old, new)
  client():notify('workspace/didRenameFiles', { files = files })
  finish()
end

local function run()
  vim.lsp.enable('vaultlint')
  vim.cmd.edit('Physics.md')
  wait_for('client', client)
  results.root = client().root_dir
  wait_for('diagnostic', function() return #vim.diagnostic.get(0) > 0 end)
  results.diagnostics = vim.tbl_map(function(one) return { one.lnum, one.col, one.code, one.message } end, vim.diagnostic.get(0))

  place('Nwt')
  vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title:find("^Link to 'Newton'") ~= nil end })
  wait_for('fix', function() return text():find('[[Newton|Nwton]]', 1, true) or text():find('[[Newton]]', 1, true) end)
  results.fixed = text()
  wait_for('end of the diagnostic', function() return #vim.diagnostic.get(0) == 0 end)

  vim.lsp.completion.enable(true, client().id, 0)
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'See [[isa' })
  place('[[isa')
  vim.api.nvim_feedkeys(vim.keycode('A<C-x><C-o>'), 'n', false)
  when('completion', function() return text():find('[[Newton|Isaac]]', 1, true) end, function()
    vim.cmd.stopinsert()
    results.completed = text()
    rename()
  end)
end

start(run)
