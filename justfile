# What there is to do here; `just` lists it.

default:
    @just --list

# the tests of every change, in under five minutes
test:
    pytest

# coverage simulations, large fuzz: minutes; before an issue is closed
test-slow:
    pytest -m "slow or browser"

# all coverage simulations with 5,000 draws each: most of an hour on two cores
coverage draws="5000":
    ROLEDIFF_DRAWS={{draws}} OPENBLAS_NUM_THREADS=1 pytest -m slow tests/test_coverage.py tests/test_coverage_distribution.py tests/test_coverage_inference.py

# the report and the local page in headless Chromium, with pictures: pip install ".[test,browser]", and a Chromium
test-browser:
    ROLEDIFF_SCREENSHOTS=${ROLEDIFF_SCREENSHOTS:-site/pictures} pytest -n 0 -m browser tests/test_browser.py tests/test_web_browser.py

lint:
    ruff check .
    ruff format --check .
    lint-imports

types:
    mypy

bench:
    python benchmarks/decompose.py

# rebuild what the package ships: price levels, official statistics and the market
market:
    python tools/build_price_levels.py ../shared/data/worldbank/ppp_pa_nus_ppp.csv \
        src/rolediff/data/country_currencies.csv src/rolediff/data/price_levels.csv
    python tools/build_official.py ../shared/data src/rolediff/data/official
    python tools/build_market.py ../shared/data

# rewrite the parts of README and docs that commands produce, and check that they stand
docs:
    python tools/build_docs.py
