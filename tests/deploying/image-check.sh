#!/usr/bin/env bash
# Builds the image without a Docker engine: buildah runs config/docker/Dockerfile, every step in a chroot, over a base made
# by debootstrap (Debian's own Python). Then it starts the image's own command in the image, as the image's own user.
# Needs root, buildah, debootstrap and about 2 GB in $WORK; the base is kept for the next time.
set -euo pipefail
cd "$(dirname "$0")/../.."
WORK=${WORK:-var/image-check}
mkdir -p "$WORK"
WORK=$(cd "$WORK" && pwd)
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
buildah() { command buildah --root "$WORK/storage" --runroot "$WORK/run" "$@"; }
for program in buildah debootstrap; do
  command -v "$program" >/dev/null || { echo "image-check: expected $program, got nothing (apt-get install $program)" >&2; exit 1; }
done

if ! buildah images --quiet localhost/wirewatch-base 2>/dev/null | grep -q .; then
  echo "base: debootstrap bookworm with python3 …"
  rm -rf "$WORK/base"
  mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1)
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$WORK/base" ${mirror:+"$mirror"} \
    >"$WORK/debootstrap.log" 2>&1 || { tail -n 20 "$WORK/debootstrap.log" >&2; exit 1; }
  rm -rf "$WORK/base/var/cache/apt/archives/"*.deb
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$WORK/base" / >/dev/null
  buildah commit --quiet "$container" localhost/wirewatch-base >/dev/null
  buildah rm "$container" >/dev/null
  rm -rf "$WORK/base"
fi

# What this machine needs to reach its package index goes into the build as mounts and variables, never into the image.
reach=()
for file in /etc/pip.conf "${PIP_CERT:-}" "${SSL_CERT_FILE:-}"; do
  [ -n "$file" ] && [ -e "$file" ] && reach+=(--volume "$file:$file:ro")
done
for name in $(compgen -e | grep -E '^(PIP_|SSL_CERT_FILE|HTTPS?_PROXY|https?_proxy)'); do reach+=(--env "$name=${!name}"); done

echo "image: config/docker/Dockerfile …"
started=$(date +%s)
buildah build --quiet --layers --network host --build-arg BASE=localhost/wirewatch-base "${reach[@]}" \
  --file config/docker/Dockerfile --ignorefile config/docker/Dockerfile.dockerignore --tag localhost/wirewatch . >"$WORK/build.log" 2>&1 \
  || { tail -n 40 "$WORK/build.log" >&2; exit 1; }
echo "built in $(($(date +%s) - started)) s, $(buildah images --format '{{.Size}}' localhost/wirewatch)"

container=$(buildah from localhost/wirewatch)
trap 'buildah rm "$container" >/dev/null' EXIT
user=$(buildah inspect --format '{{.OCIv1.Config.User}}' "$container")
entry=$(buildah inspect --format '{{index .OCIv1.Config.Entrypoint 0}}' "$container")
[ "$user" = 10001:10001 ] || { echo "image-check: expected the user 10001:10001, got $user" >&2; exit 1; }
[ "$entry" = wirewatch ] || { echo "image-check: expected the command wirewatch, got $entry" >&2; exit 1; }
inside() { buildah run --network host --user 10001:10001 "$container" -- "$@"; }
inside wirewatch --version
inside wirewatch check --config /etc/wirewatch --data /var/lib/wirewatch | tail -n 1
# The sample wire only: a check asks no host of others.
inside sh -c 'cp -r /etc/wirewatch /var/lib/wirewatch/config && : > /var/lib/wirewatch/config/feeds.toml'
inside env WIREWATCH_LISTEN=127.0.0.1:0 wirewatch run --config /var/lib/wirewatch/config --data /var/lib/wirewatch/data --until-idle | tail -n 4
alerts=$(inside wirewatch alerts --config /var/lib/wirewatch/config --data /var/lib/wirewatch/data --json | grep -cE '"kind": ?"new_listing"' || true)
[ "$alerts" -ge 1 ] || { echo "image-check: expected an alert of a new listing, got none" >&2; exit 1; }
echo "image-check: the image builds, checks its configuration and raises the sample wire's alert ($alerts new listing)."
