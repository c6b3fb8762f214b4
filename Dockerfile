# Every role of Folio from one image: `docker run folio start command-api`. From a clean checkout:
#   docker build -t folio .                               the roles
#   docker build -t folio-contract --target contract .    the contract suite of the event store
# Install scripts stay off: the binary of the npm package `node` (the image is Node already) and the embedded Postgres are not
# wanted here, argon2 brings prebuilt binaries, and nothing of a dependency runs while the image is built.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN --mount=type=cache,target=/root/.npm npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN node node_modules/typescript/bin/tsc -p .

# Runs the suite against the server that FOLIO_TEST_EVENTSTORE names; it needs what only development needs.
FROM build AS contract
USER 1000:1000
CMD ["node", "node_modules/mocha/bin/mocha.js", "build/test/integration/event-store/eventstoredb.test.js"]

# Production dependencies without the optional ones, which are the binaries of the embedded Postgres. The load of argon2 shows that its prebuilt binary fits.
FROM base AS production
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && node -e "import('argon2')"
COPY --from=build /app/build ./build
RUN rm -rf build/test build/.tsbuildinfo
COPY console ./console
COPY scripts/healthcheck.mjs ./scripts/healthcheck.mjs

FROM node:24.21.0-bookworm-slim AS runtime
LABEL org.opencontainers.image.title="Folio" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production FOLIO_HOST=0.0.0.0 FOLIO_PORT=4400 FOLIO_DATA=/data FOLIO_KEYS=/keys MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY --from=production /app ./
# A fresh volume takes owner and mode from here. By number, so that Kubernetes can see that it is not root.
RUN install -d -o 1000 -g 1000 -m 0700 /data /keys
USER 1000:1000
VOLUME ["/data", "/keys"]
EXPOSE 4400
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s --retries=4 CMD ["node", "scripts/healthcheck.mjs"]
ENTRYPOINT ["node", "--enable-source-maps", "--disable-warning=TimeoutNegativeWarning", "--max-semi-space-size=4", "--max-old-space-size=512", "build/cli/main.js"]
CMD ["--help"]
