#!/usr/bin/env bash
# Prints the line of checksums.txt for an archive of a Pulumi release. GitHub computes the SHA-256 of
# a release's files when they are uploaded; the download must have the same.
#
#   checksum.sh REPOSITORY VERSION ARCHIVE, for example
#   checksum.sh pulumi-aws 7.48.0 pulumi-resource-aws-v7.48.0-linux-amd64.tar.gz
set -euo pipefail

archive=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

published=$(gh release view "v$2" --repo "pulumi/$1" --json assets \
  --jq ".assets[] | select(.name == \"$archive\") | .digest")
gh release download "v$2" --repo "pulumi/$1" --pattern "$archive" --dir "$folder"
downloaded=sha256:$(sha256sum "$folder/$archive" | cut -d ' ' -f 1)
if [ "$published" != "$downloaded" ]; then
  echo "$archive: GitHub published ${published:-no digest}, the download has $downloaded." >&2
  exit 1
fi
echo "${downloaded#sha256:}  $archive"
