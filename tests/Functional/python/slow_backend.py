"""A backend with which pip builds the package "slow": it waits for a file, or fails, as the test wants.

The test packs this file into a source archive. Its directory, which TEST_BUILD names, has the files through which the
test and the build wait for each other.
"""

import os
import subprocess
import sys
import time
import zipfile

VERSION = "1.0"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    place = os.environ["TEST_BUILD"]
    with open(f"{place}/builds", "a") as file:
        file.write(f"{os.getpid()}\n")
    if os.path.exists(f"{place}/fail"):
        print("the compiler is missing", file=sys.stderr)
        sys.exit(1)
    if not os.path.exists(f"{place}/go"):
        # What pip does not know of must end too. It does not keep the output open, for the end of which pip waits.
        nothing = subprocess.DEVNULL
        subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=nothing, stderr=nothing)
        with open(f"{place}/building.new", "w") as file:
            file.write(str(os.getpid()))
        os.rename(f"{place}/building.new", f"{place}/building")
    while not os.path.exists(f"{place}/go"):
        time.sleep(0.02)
    name = f"slow-{VERSION}-py3-none-any.whl"
    info = f"slow-{VERSION}.dist-info"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as wheel:
        wheel.writestr("slow.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: slow\nVersion: {VERSION}\n")
        tags = "Root-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\n{tags}")
        wheel.writestr(f"{info}/RECORD", "")
    return name
