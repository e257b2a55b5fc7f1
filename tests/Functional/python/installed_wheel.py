"""Makes a wheel of packages that are installed for this interpreter: DIRECTORY NAME VERSION FOLDER…"""

import importlib.util
import os
import sys
import zipfile

directory, name, version, *folders = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"{directory}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    for folder in folders:
        found = importlib.util.find_spec(folder)
        if found is None:
            continue
        for package in found.submodule_search_locations:
            for parent, _, files in os.walk(package):
                inner = os.path.relpath(parent, package)
                for file in files:
                    if not file.endswith(".pyc"):
                        wheel.write(f"{parent}/{file}", os.path.normpath(f"{folder.replace('.', '/')}/{inner}/{file}"))
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(f"{info}/RECORD", "")
