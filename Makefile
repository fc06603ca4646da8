# Two commands to remember: `make lab` opens the series, `make test` checks everything.
# The work is in run.py; on Windows call it directly: py run.py lab

# Any Python 3 may read run.py, which then finds one that is new enough.
find_python = for p in python3 python python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null && echo $$p && break; done
PYTHON = $(or $(shell $(find_python)),$(error Python 3.11 or newer is needed and none was found. \
	Install it from python.org or with your package manager, then run the same command again))
RUN = @$(PYTHON) run.py

.PHONY: help lab show check test notebooks student grade mutants bench site lite colab lock clean

help:
	$(RUN) help
lab:
	$(RUN) lab $(ARGS)
show:
	$(RUN) show $(ARGS)
check:
	$(RUN) check $(ARGS)
test:
	$(RUN) test $(ARGS)
notebooks:
	$(RUN) notebooks $(ARGS)
student:
	$(RUN) student $(ARGS)
grade:
	$(RUN) grade $(if $(FOLDER),"$(FOLDER)") $(ARGS)
mutants:
	$(RUN) mutants $(ARGS)
bench:
	$(RUN) bench $(ARGS)
site:
	$(RUN) site $(ARGS)
lite:
	$(RUN) lite $(ARGS)
colab:
	$(RUN) colab $(ARGS)
lock:
	$(RUN) lock $(ARGS)
clean:
	$(RUN) clean
