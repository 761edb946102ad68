# llamacloud-exporter: the compiled program, its production dependencies and Node. No npm, no compiler, no shell history.
#
#   docker build -t llamacloud-exporter .
#   docker run --rm -p 10940:10940 -v llamacloud:/var/lib/llamacloud-exporter \
#     --read-only --cap-drop=ALL --security-opt=no-new-privileges -e LLAMA_CLOUD_API_KEY llamacloud-exporter

ARG NODE_IMAGE=node:26-bookworm-slim

# Compiles where the build runs, whatever the image is for: the output is the same everywhere.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: nothing that is needed here has one, and none of them could then do harm.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json LICENSE deploy/docker/healthcheck.mjs ./
COPY src src
# Readable for any user of the image, whatever the umask of the checkout was.
RUN npm run build && chmod -R a+rX dist package.json LICENSE healthcheck.mjs

# What runs, for the platform of the image: one dependency has native code.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts && chmod -R a+rX node_modules

# The base without its package managers. Copied into an empty image below, so that no layer still holds them. The folder of the state belongs to
# group 0 as well: platforms such as OpenShift choose the user, and give it that group.
FROM ${NODE_IMAGE} AS base
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn* /root/.npm /tmp/* /var/cache/* /var/lib/apt/lists/* \
 && mkdir -p /var/lib/llamacloud-exporter /etc/llamacloud-exporter \
 && chown 1000:0 /var/lib/llamacloud-exporter && chmod 2770 /var/lib/llamacloud-exporter

FROM scratch
COPY --from=base / /
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/package.json /app/LICENSE /app/healthcheck.mjs ./

ARG VERSION=0.0.0-dev
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="llamacloud-exporter" \
      org.opencontainers.image.description="Prometheus exporter for LlamaCloud chat agents: tokens, cost, runs, errors and durations, every run counted once" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/llamacloud-exporter/llamacloud-exporter" \
      org.opencontainers.image.url="https://github.com/llamacloud-exporter/llamacloud-exporter" \
      org.opencontainers.image.vendor="llamacloud-exporter" \
      org.opencontainers.image.base.name="docker.io/library/node:26-bookworm-slim" \
      org.opencontainers.image.documentation="https://github.com/llamacloud-exporter/llamacloud-exporter#readme" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"

ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_ENV=production \
    LLAMACLOUD_EXPORTER_REVISION=${REVISION} \
    LLAMACLOUD_EXPORTER_STATE_URL=sqlite:/var/lib/llamacloud-exporter/state.db

# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
VOLUME ["/var/lib/llamacloud-exporter"]
EXPOSE 10940
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "/app/healthcheck.mjs"]
# No signal opens the inspector, which would let whoever reaches it run code.
ENTRYPOINT ["node", "--disable-sigusr1", "/app/dist/main.js"]
