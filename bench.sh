#!/bin/sh
# Measures what the project promises about speed, on an idle machine, and prints a table. No part of the tests.
set -eu
root=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
cd "$root"
if [ -z "${VINE_CLAUDE_PATH:-}" ] && [ -x .tools/node_modules/@anthropic-ai/claude-code-linux-x64/claude ]; then
  export VINE_CLAUDE_PATH="$root/.tools/node_modules/@anthropic-ai/claude-code-linux-x64/claude"
fi
./vine --version >&2
dotnet build bench/AgentVine.Bench -c Release -nologo -v quiet >&2
exec artifacts/bin/AgentVine.Bench/release/AgentVine.Bench "$root/artifacts/bin/AgentVine.Host/release/vine"
