# syntax=docker/dockerfile:1

# Both can be pinned by digest: --build-arg RUNTIME_IMAGE=gcr.io/distroless/...@sha256:...
ARG BUILD_IMAGE=docker.io/library/node:26-trixie-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs26-debian13:nonroot

# The bundle is plain JavaScript: built once, on the builder's own platform, for all.
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Behind a registry of your own: --secret id=npmrc,src=$HOME/.npmrc. It leaves no trace.
RUN --mount=type=cache,target=/npm --mount=type=secret,id=npmrc \
    npm ci --ignore-scripts --cache /npm --userconfig /run/secrets/npmrc
COPY tsconfig.json ./
COPY scripts/build.ts scripts/
COPY scripts/build/ scripts/build/
COPY src/ src/
RUN node scripts/build.ts

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cognito-operator" \
      org.opencontainers.image.description="Keeps the resource servers of Amazon Cognito user pools in step with ResourceServer resources" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY LICENSE ./
COPY --from=build /build/dist/ ./
# Half of the container's memory for the heap, for Node itself needs about 100 MiB beside it; and
# little for what has just been made, of which Node would keep 64 MiB. No source maps: decoded they
# take 70 MiB. Stacks name functions and places in serve.mjs; its map is in the image.
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-old-space-size-percentage=50 --max-semi-space-size=2"
# A number, for `runAsNonRoot` cannot know that a name is not root.
USER 65532:65532
EXPOSE 8080 8081
# The entrypoint of the image is node. Kubernetes asks /healthz and /readyz: no HEALTHCHECK here.
CMD ["/app/main.mjs"]
