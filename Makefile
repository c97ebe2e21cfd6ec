# The project's commands; `make help` lists them. Each installs what it needs first (scripts/bootstrap), so a clone needs
# nothing else. BOOTSTRAP=true leaves that step out.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

BOOTSTRAP ?= scripts/bootstrap
# Given to the program by `make run`, to the measurement by `make bench`.
ARGS ?=
# What `make test` runs; `make test SUITES=unit` runs one of them.
SUITES ?= lint unit api conformance

# Where scripts/bootstrap puts a newer Node when the system's is too old.
export PATH := $(CURDIR)/build/node/node_modules/node/bin:$(PATH)

lint_suite = scripts/lint
unit_suite = ctest --preset $(preset)
api_suite = node --test --test-reporter=spec --test-concurrency=2 \
    $$(find tests -name node_modules -prune -o -name '*.test.mjs' -print | sort | grep . || echo tests/api)
conformance_suite = tests/conformance/run

# Runs every suite whatever the others did, then adds up their closing lines. A suite that ends badly or without a closing
# line counts as at least one failure, so a crash never looks like success.
define run_suites
logs=build/$(preset)/test-logs; rm -rf $$logs; mkdir -p $$logs; passed=0 failed=0 recap=
run() {
    echo; echo "== $$1"
    local status=0 counts
    NO_COLOR=1 bash -c "$$2" 2>&1 | tee $$logs/$$1.log || status=$$?
    counts=$$(awk -v status=$$status '
        / tests? passed, .* tests? failed out of / { bad = $$4; good = $$NF - $$4; closed = 1 }
        /^[0-9]+ passed, [0-9]+ failed$$/ { good = $$1; bad = $$3; closed = 1 }
        /^(ℹ|#) pass [0-9]+$$/ { good = $$3; closed = 1 }
        /^(ℹ|#) fail [0-9]+$$/ { bad = $$3 }
        /^(ℹ|#) cancelled [0-9]+$$/ { bad += $$3 }
        END { if ((status || !closed) && !bad) bad = 1; print good + 0, bad + 0 }' $$logs/$$1.log)
    passed=$$((passed + $${counts% *})) failed=$$((failed + $${counts#* }))
    recap+=$$(printf '%-12s %6d passed, %d failed' $$1 $$counts)$$'\n'
}
$(foreach suite,$(SUITES),run $(suite) '$(subst ','\'',$($(suite)_suite))'
)
printf '\n%s%s\n' "$$recap" "$$passed passed, $$failed failed"
exit $$((failed > 0))
endef

.PHONY: help
help:  ## This list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- running and building ---------------------------------------------------------------------------------------------

.PHONY: run
run: build  ## Install what is missing, build, start a branch with auth on it: make run ARGS="--port 4500"
	@exec build/release/argonauth dev $(ARGS)

.PHONY: build
build: configure-release  ## The release binary, build/release/argonauth
	@cmake --build --preset release --target argonauth

# Ninja notices changes of the CMakeLists.txt files; the presets are ours to watch.
configurations := $(addprefix configure-,release debug asan tsan)
.PHONY: $(configurations)
$(configurations): configure-%: bootstrap-build
	@[[ build/$*/build.ninja -nt CMakePresets.json ]] || cmake --preset $*

bootstraps := $(addprefix bootstrap-,build test check sanitize bench)
.PHONY: $(bootstraps)
$(bootstraps): bootstrap-%:
	@$(BOOTSTRAP) $*

# --- testing ----------------------------------------------------------------------------------------------------------

.PHONY: test
test: preset := release
test: bootstrap-test configure-release  ## Every test: lint, unit, black box, conformance. What CI runs
	@cmake --build --preset release
	$(run_suites)

.PHONY: check
check: bootstrap-check  ## Format and lint
	@scripts/lint --format

.PHONY: tidy
tidy: bootstrap-check configure-release  ## clang-tidy over all sources (minutes)
	@cmake --build --preset release
	scripts/lint --tidy

.PHONY: format
format: bootstrap-check  ## Rewrite the C++ sources as .clang-format has it
	@find src -name '*.cpp' -o -name '*.hpp' | xargs clang-format-19 -i

sanitized := $(addprefix check-,asan tsan)
.PHONY: $(sanitized)
$(sanitized): preset = $(@:check-%=%)
$(sanitized): SUITES := unit api
$(sanitized): export ARGONAUTH_BIN = $(CURDIR)/build/$(preset)/argonauth
# The server gives up root, so it cannot look for the symbolizer itself; a report ends in exit status 66, which tests refuse.
$(sanitized): export TSAN_OPTIONS = suppressions=$(CURDIR)/tests/tsan.supp external_symbolizer_path=/usr/lib/llvm-19/bin/llvm-symbolizer
check-asan: configure-asan  ## Unit and black-box tests under AddressSanitizer and UBSan
check-tsan: configure-tsan  ## Unit and black-box tests under ThreadSanitizer
$(sanitized): bootstrap-sanitize
	@cmake --build --preset $(preset)
	$(run_suites)

.PHONY: bench
bench: bootstrap-bench build  ## Measure against Better Auth and pgbench: make bench ARGS=...
	@bench/run $(ARGS)

# --- the rest ---------------------------------------------------------------------------------------------------------

.PHONY: clean
clean:  ## Remove everything that was built; data directories stay
	@rm -rf build
