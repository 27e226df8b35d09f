# Start a command of the workbench: `. launch.sh NAME ARGUMENTS...`
# Sourced by the commands beside it; needs nothing but a Python.

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    echo "Python 3.10 or newer is needed: apt install python3" >&2
    exit 1
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
PYTHONPATH=$here${PYTHONPATH:+:$PYTHONPATH}
export PYTHONPATH
exec python3 -m workbench "$@"
