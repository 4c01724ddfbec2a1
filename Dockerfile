FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /netsplit .

FROM scratch
COPY --from=build /netsplit /netsplit
USER 65532:65532
ENV NETSPLIT_ADDR=0.0.0.0:8080
# Rooms are kept in memory unless a volume that uid 65532 may write to is named: -e NETSPLIT_DATA=/data -v rooms:/data
ENV NETSPLIT_DATA=none
EXPOSE 8080
ENTRYPOINT ["/netsplit"]
