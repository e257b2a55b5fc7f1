exec python3 "$@"
