#!/usr/bin/env bash
# Tries the extension in VS Code itself and takes the picture in docs/:
#   editors/vscode/try.sh FOLDER
# Installs code-server from npm in FOLDER, without running its install scripts. Needs node 20 or later, Debian's
# chromium, and vaultlint with the extra `server` in .venv.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$1"
cd "$1"
server=node_modules/code-server/lib/vscode
if [ ! -d "$server/node_modules" ]; then
  npm install --ignore-scripts --no-audit --no-fund code-server playwright-core
  for folder in "$server" "$server/extensions"; do
    (cd "$folder" && npm install --ignore-scripts --omit=dev --legacy-peer-deps --no-audit --no-fund)
  done
fi
(cd "$here" && npm ci --ignore-scripts --no-audit --no-fund && npm run package)

rm -rf vault data extensions
mkdir -p vault/People data/data/Machine
touch vault/vaultlint.toml
printf '%s\n' '---' 'aliases: [Isaac]' '---' '# Life' '' 'He found the laws of motion.' '' '# Laws' '' 'Three of them.' \
  > vault/People/Newton.md
printf '%s\n' '# Mechanics' '' 'The laws of motion are due to [[Nwton]], who stood on' \
  'the shoulders of [[Kepler#Laws]] and others.' '' 'See also [[Newton#Laws]].' > vault/Mechanics.md
printf '%s\n' '# Life' '' 'Johannes Kepler.' > vault/People/Kepler.md
printf '{"vaultlint.path": "%s", "editor.minimap.enabled": false, "editor.fontSize": 15}\n' \
  "$root/.venv/bin/vaultlint" > data/data/Machine/settings.json

options=(--server-data-dir data --extensions-dir extensions --accept-server-license-terms)
node "$server/out/server-main.js" "${options[@]}" --install-extension "$here/vaultlint.vsix"
node "$server/out/server-main.js" "${options[@]}" --host 127.0.0.1 --port 8123 --without-connection-token > server.log 2>&1 &
trap 'kill %1' EXIT
until grep -q "Extension host agent listening" server.log; do sleep 1; done
cp "$here/try.mjs" .
node try.mjs "$PWD/vault" "$root/docs/vscode.png"
