# docker build -t account-groups-conformance .
# docker run --rm -e BASE_URL=reference -v "$PWD:/work" account-groups-conformance
FROM node:22-bookworm-slim

WORKDIR /suite
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY . .

# In a container nobody looks on: what is not said is lost, and what was narrowed is not the whole answer.
ENV CI=true BASE_URL= OUTPUT_DIR=account-groups

RUN install -d -o node -g node /work
# The user node, by the number that a cluster can check.
USER 1000
WORKDIR /work
ENTRYPOINT ["/suite/bin/account-groups-conformance.mjs"]
