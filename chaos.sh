#!/usr/bin/env bash
# The kill suite: ends servers, workers, agents and databases without a word at named places, and checks from the event log and from
# git that nothing was lost, done twice or shown wrongly. docs/chaos.md says how to read it. --seed-bug NAME|all shows that it would see.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
readonly root=$PWD
readonly bugs=$root/tests/AgentVine.Chaos/bugs

say() { printf 'chaos.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

build() { dotnet build "$1/tests/AgentVine.Chaos" -nologo -v quiet '-clp:ErrorsOnly;NoSummary' "${@:2}" >&2 || die "the build of $1 failed; the errors stand above"; }

suite() { "$1/artifacts/bin/AgentVine.Chaos/debug/AgentVine.Chaos" "${@:2}"; }

# What the suite is to be told for a bug stands in its patch: the lines that begin with "chaos:".
arguments_of() { sed -n 's/^chaos: //p' "$1"; }

# The tree as it stands, without what git ignores: neither the caller's files nor his builds are touched.
copy_tree() {
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] || printf '%s\0' "$file"
  done | tar --create --null --files-from=- | tar --extract --directory "$1"
}

# 0 when the suite reports a violation on the tree $2, once it has the bug.
seed_bug() {
  local name=$1 tree=$2 patch=$bugs/$1.patch code=0 arguments
  [ -f "$patch" ] || die "there is no bug $name; there are: $(cd "$bugs" && echo *.patch | sed 's/\.patch//g')"
  eval "arguments=($(arguments_of "$patch"))"
  apply "$tree" "$patch" || die "$patch no longer applies; make it anew for the code as it is"
  say "bug $name: building a tree that has it"
  build "$tree" -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false
  say "bug $name: ./chaos.sh $(arguments_of "$patch")"
  suite "$tree" "${arguments[@]}" >"$tree/chaos.log" || code=$?
  apply "$tree" --reverse "$patch" || die "$patch cannot be taken back"
  if [ "$code" -eq 1 ] && grep -q '^VIOLATION' "$tree/chaos.log"; then
    printf 'caught  %s\n' "$name"
    grep '^VIOLATION' "$tree/chaos.log" | head -n 3 | sed 's/^/        /'
    return 0
  fi
  printf 'MISSED  %s (the suite ended with %d)\n' "$name" "$code"
  tail -n 40 "$tree/chaos.log"
  return 1
}

# Not as part of a repository that the tree may lie in: git would leave out what that ignores.
apply() { (cd "$1" && GIT_CEILING_DIRECTORIES=$(dirname "$1") git apply "${@:2}"); }

[ "$(uname -s)" = Linux ] || die 'the suite reads /proc, which only Linux has'
for name in $(compgen -e | grep -E '^(VINE|ANTHROPIC|CLAUDE)_' | grep -v -x VINE_CLAUDE_PATH); do unset "$name"; done
export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NuGetAudit=false
if [ -z "${VINE_CLAUDE_PATH:-}" ]; then
  for claude in "$root"/.tools/node_modules/@anthropic-ai/claude-code-*/claude; do
    [ ! -x "$claude" ] || export VINE_CLAUDE_PATH=$claude
  done
fi

if [ "${1:-}" != --seed-bug ]; then
  build "$root"
  suite "$root" "$@"
  exit
fi

[ $# -eq 2 ] || die 'usage: ./chaos.sh --seed-bug NAME|all'
tree=$(mktemp -d "${TMPDIR:-/tmp}/vine-bugs-XXXXXX")
trap 'rm -rf "$tree"' EXIT
copy_tree "$tree"
names=("$2")
[ "$2" != all ] || mapfile -t names < <(cd "$bugs" && printf '%s\n' *.patch | sed 's/\.patch$//')
missed=0
for name in "${names[@]}"; do
  seed_bug "$name" "$tree" || missed=$((missed + 1))
done
exit $((missed > 0))
