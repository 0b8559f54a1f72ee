"""`python -m xylab.named PORT`: BIND out of the machines' image, which serves the zones of Designate, and rndc for Designate to speak to it.

The port is in named.conf.
"""

import os
import pathlib
import shlex

from xylab.supervisor import site

FOLDER = pathlib.Path(os.environ["XYLAB"])


def program(name: str) -> list[str]:
    """The command line of a program of the image, with the image's own loader and libraries."""
    root = pathlib.Path(site()["image"])
    (loader,) = root.glob("usr/lib/*-linux-gnu/ld-linux-*.so.*")
    return [str(loader), "--library-path", str(loader.parent), str(root / "usr/sbin" / name)]


def main() -> None:
    rndc = FOLDER / "designate/rndc"
    rndc.write_text(f'#!/bin/sh\nexec {shlex.join(program("rndc"))} "$@"\n')
    rndc.chmod(0o755)
    named = [*program("named"), "-g", "-n", "1", "-c", str(FOLDER / "etc/designate/named.conf")]
    os.execv(named[0], named)


if __name__ == "__main__":
    main()
