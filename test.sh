#!/usr/bin/env bash
# Builds everything and runs every test, or the suites that are named: ./test.sh Engine Worker
# Installs what the tests need and the machine lacks. The last line says how many passed and failed.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

readonly claude_code_version=2.1.330
readonly suite_limit=${SUITE_LIMIT:-10m}
readonly results=artifacts/test-results

say() { printf 'test.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# --- What the machine must have -----------------------------------------------------------------------------------------

missing_packages() {
  local command package
  while read -r command package; do
    command -v "$command" >/dev/null 2>&1 || printf '%s\n' "$package"
  done <<-'LIST'
	git git
	bwrap bubblewrap
	jq jq
	curl curl
	ps procps
	npm npm
	LIST
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null 2>&1 || echo postgresql
}

install_packages() {
  local packages
  mapfile -t packages < <(missing_packages)
  [ ${#packages[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  # RUNLEVEL=1 keeps Debian from starting the PostgreSQL that it installs; the tests start their own.
  local apt=("${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}")
  command -v apt-get >/dev/null 2>&1 || die "the tests need ${packages[*]}; install them with this system's package manager"
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1 || die "the tests need ${packages[*]}; as root, run: apt-get install ${packages[*]}"
  say "installing ${packages[*]}"
  "${apt[@]}" >&2 || { "${as_root[@]}" apt-get update >&2 && "${apt[@]}" >&2; } || die "${packages[*]} could not be installed; apt-get says why above"
}

require_sdk() {
  case $(dotnet --version 2>/dev/null) in
    10.*) ;;
    *) die 'the .NET SDK 10 is missing; install it with: curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0' ;;
  esac
}

# The real agent program, pinned: its protocol has no version of its own. npm checks what it downloads.
install_claude_code() {
  local platform
  platform=$(node -p 'process.platform + "-" + process.arch') || die 'Node is missing; install it with: apt-get install nodejs npm'
  ! ldd --version 2>&1 | grep -q musl || platform+=-musl
  local package=@anthropic-ai/claude-code-$platform
  local program=$PWD/.tools/node_modules/$package/claude
  if ! "$program" --version 2>/dev/null | grep -q "^$claude_code_version "; then
    say "installing Claude Code $claude_code_version into .tools"
    npm install --prefix .tools --no-save --no-audit --no-fund --loglevel=error "$package@$claude_code_version" >&2 \
      || die "Claude Code $claude_code_version could not be installed; npm says why above"
    "$program" --version >/dev/null || die "Claude Code $claude_code_version was installed and does not run; its words stand above"
  fi
  export VINE_CLAUDE_PATH=$program
}

# --- Build and run ------------------------------------------------------------------------------------------------------

# The tests start servers and agents of their own: nothing of the caller's accounts and settings may reach them.
clean_environment() {
  local name
  for name in $(compgen -e | grep -E '^(VINE|ANTHROPIC|CLAUDE)_'); do unset "$name"; done
  export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false NuGetAudit=false
}

select_suites() {
  local name folder
  if [ $# -eq 0 ]; then
    for folder in tests/*.Tests; do suites+=("$(basename "$folder")"); done
    return
  fi
  for name in "$@"; do
    name=AgentVine.${name#AgentVine.}
    name=${name%.Tests}.Tests
    [ -d "tests/$name" ] || die "there is no suite $name; there are: $(cd tests && echo *.Tests)"
    suites+=("$name")
  done
}

build() {
  local projects=(AgentVine.slnx) project
  [ $# -eq 0 ] || projects=("${@/#/tests/}")
  for project in "${projects[@]}"; do
    dotnet build "$project" -nologo -v quiet '-clp:NoSummary' >&2 || return 1
  done
}

# Counts come from the suite's own report; a suite that leaves none, or fails beside its tests, is one failure more.
run_suite() {
  local suite=$1 report=$results/$1.json code=0 counts
  printf '\n=== %s\n' "$suite"
  rm -f "$report"
  # Job control gives it a process group and leaves SIGINT to it, so that Ctrl-C here can end all of it.
  set -m
  timeout --kill-after=15s "$suite_limit" "artifacts/bin/$suite/debug/$suite" \
    -noColor -noLogo -noAutoReporters -longRunning 120 -ctrf "$report" </dev/null &
  running=$!
  set +m
  wait "$running" || code=$?
  running=
  counts=$(jq -er '.results.summary | "\(.passed) \(.failed) \(.skipped + .pending)"' "$report" 2>/dev/null) || counts='0 0 0'
  local ok bad skips note=
  read -r ok bad skips <<<"$counts"
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
    bad=$((bad + 1)) note=" (killed: it did not end within $suite_limit)"
  elif [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1 note=" (ended with exit code $code; see its output above)"
  elif [ $((ok + bad)) -eq 0 ]; then
    bad=1 note=' (ran no test)'
  fi
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skips))
  lines+=("$(printf '%-32s %5d passed, %d failed, %d skipped%s' "$suite" "$ok" "$bad" "$skips" "$note")")
}

running=
trap '[ -z "$running" ] || kill "$running"; exit 130' INT TERM
suites=() lines=() passed=0 failed=0 skipped=0
select_suites "$@"
clean_environment
require_sdk
install_packages
install_claude_code
mkdir -p "$results"
say 'building'
if [ $# -eq 0 ]; then build; else build "${suites[@]}"; fi || { say 'the build failed; the errors stand above'; suites=(); }
for suite in ${suites[@]+"${suites[@]}"}; do run_suite "$suite"; done

printf '\n'
[ ${#lines[@]} -eq 0 ] || printf '%s\n' "${lines[@]}"
if [ "$skipped" -gt 0 ]; then
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
else
  printf '%d passed, %d failed\n' "$passed" "$failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
