# Paperchart. `make demo` sets up and shows the main job; `make test` sets up and
# tests. Nothing else is needed.
SHELL := /bin/sh
export CGO_ENABLED := 0
GOFLAGS_BUILD := -trimpath

.PHONY: help demo test test-aws test-oracle bench bench-fhir bench-terms eval lint build setup samples clean

help:
	@echo 'make demo    set up, then digitize the sample scans and query them'
	@echo 'make test    set up, then run all tests'
	@echo 'make test-aws the AWS functions, compiled, against this server in the place of AWS'
	@echo 'make test-oracle our FHIR validator beside google/fhir, on damaged examples'
	@echo 'make bench   speed and memory, side by side with plain tesseract'
	@echo 'make bench-fhir speed of the FHIR validator and store (needs Synthea bundles)'
	@echo 'make bench-terms speed and memory of the vocabulary at the full ICD-10-CM size'
	@echo 'make eval    accuracy on generated scans with known truth'
	@echo 'make lint    vet and format checks'

setup:
	@sh scripts/setup

build:
	@go build $(GOFLAGS_BUILD) -o bin/paperchart ./cmd/paperchart

demo: setup build
	@sh scripts/demo

test:
	@sh scripts/setup clients
	@sh scripts/test

test-aws: setup
	@sh scripts/test-aws

# A module of its own: its dependencies are large and only this needs them.
test-oracle:
	@go build -C internal/fhir/oracle -o ../../../bin/fhir-oracle .
	@PAPERCHART_FHIR_ORACLE=$$PWD/bin/fhir-oracle go test -count=1 -run Oracle -v ./internal/fhir/validate

bench: setup build
	@go run ./bench

bench-fhir:
	@GOMAXPROCS=1 go test -run xxx -bench 'Synthea|Resource' ./internal/fhir/validate
	@go run ./bench/fhir

# Needs the official order file; name another one with ORDER=FILE.
bench-terms:
	@go run ./bench/terms $(ORDER)

eval: setup build
	@go run ./eval

samples:
	@go run ./samples/generate

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	@go vet ./...

clean:
	rm -rf bin data out
