# The collector with its own scheduler; give it ODDS_API_KEY and DATABASE_URL.
# Without DATABASE_URL it keeps its rows in an embedded Postgres under /var/lib/linekeeper.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    LINEKEEPER_DATA_DIR=/var/lib/linekeeper

RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/linekeeper linekeeper

WORKDIR /app
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/runtime.txt

COPY . .
RUN pip install --no-deps --no-build-isolation .

USER linekeeper
WORKDIR /var/lib/linekeeper
VOLUME /var/lib/linekeeper
CMD ["odds", "scheduler", "start"]
