"""Write the index of names of a build: ``python -m loader.textindex BUILD_FOLDER FILE``."""

from loader.textindex.engine import main

main()
