# Nothing but the program: no shell, no user but 65532, and nothing is written outside of volumes, so that it runs with
# --read-only. `make image-check` runs the build lines without Docker.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS=linux TARGETARCH=amd64
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /netsplit .
RUN mkdir /data

FROM scratch
COPY --from=build /netsplit /netsplit
# A new volume there belongs to whom the directory does.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV NETSPLIT_ADDR=0.0.0.0:8080 NETSPLIT_LOG_FORMAT=json NETSPLIT_DRAIN_WAIT=5s NETSPLIT_DRAIN_SPREAD=5s
# Rooms are kept in memory unless a volume is named: -e NETSPLIT_DATA=/data -v rooms:/data
ENV NETSPLIT_DATA=none
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["/netsplit", "healthcheck"]
ENTRYPOINT ["/netsplit"]
