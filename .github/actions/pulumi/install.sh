#!/usr/bin/env bash
# Installs the Pulumi CLI and resource plugins for Linux x64, from the GitHub releases of Pulumi.
# Each archive must have its SHA-256 in checksums.txt, or nothing of it is installed.
#
#   install.sh CLI_VERSION PLUGIN=VERSION...
set -euo pipefail

checksums=$(cd "$(dirname "$0")" && pwd)/checksums.txt
root=$RUNNER_TEMP/pulumi
releases=https://github.com/pulumi
cli=$1
shift

# fetch REPOSITORY VERSION ARCHIVE: a release archive in the work folder, verified.
fetch() {
  local sha256
  sha256=$(awk -v name="$3" '$2 == name { print $1 }' "$checksums")
  if ! [[ $sha256 =~ ^[0-9a-f]{64}$ ]]; then
    echo "$3 has no SHA-256 in .github/actions/pulumi/checksums.txt. Next: add it, see" \
      '"Update the Pulumi CLI or a plugin" in docs/github.md.' >&2
    exit 1
  fi
  curl --fail --silent --show-error --location --proto '=https' --proto-redir '=https' --retry 3 \
    --output "$3" "$releases/$1/releases/download/v$2/$3"
  sha256sum --check --strict <<<"$sha256  $3"
}

rm -rf "$root"
mkdir -p "$root/downloads"
cd "$root/downloads"

archive=pulumi-v$cli-linux-x64.tar.gz
fetch pulumi "$cli" "$archive"
tar -xzf "$archive" -C "$root"

# A state may contain code of a dynamic provider, which these programs run. No stack has one.
for language in nodejs python; do
  program=$root/pulumi/pulumi-resource-pulumi-$language
  printf '#!/bin/sh\necho "Dynamic providers are disabled." >&2\nexit 1\n' >"$program"
  chmod +x "$program"
done

for plugin in "$@"; do
  name=${plugin%%=*} version=${plugin#*=}
  archive=pulumi-resource-$name-v$version-linux-amd64.tar.gz
  fetch "pulumi-$name" "$version" "$archive"
  "$root/pulumi/pulumi" plugin install resource "$name" "v$version" --file "$archive" --reinstall
done

rm -r "$root/downloads"
echo "$root/pulumi" >>"$GITHUB_PATH"
