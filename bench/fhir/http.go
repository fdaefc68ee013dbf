package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/paperchart/paperchart/internal/api"
	"github.com/paperchart/paperchart/internal/store"
)

// requests measures the same through HTTP, client and server in one process.
func requests(ctx context.Context, s *store.Store, workers int, each time.Duration) error {
	h, err := api.New(api.Config{Store: s, Software: "bench", Version: "1"})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Second}
	go server.Serve(listener)
	defer server.Close()
	base := "http://" + listener.Addr().String() + "/fhir/R4"
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true}}
	patients, err := ids(ctx, s, "Patient")
	if err != nil {
		return err
	}
	observations, err := ids(ctx, s, "Observation")
	if err != nil {
		return err
	}
	get := func(path string) error { return send(client, "GET", base+path, nil) }
	measure("HTTP read by id", workers, each, func() error { return get("/Observation/" + observations[rand.IntN(len(observations))]) })
	measure("HTTP patient + code", workers, each, func() error {
		return get("/Observation?patient=" + patients[rand.IntN(len(patients))] + "&code=http://loinc.org%7C8302-2")
	})
	body := []byte(`{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2339-0"}]},"subject":{"reference":"Patient/` + patients[0] + `"},"effectiveDateTime":"2024-01-01","valueQuantity":{"value":96,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}}`)
	measure("HTTP create, validated", workers, each, func() error { return send(client, "POST", base+"/Observation", body) })
	measure("HTTP create, 64 clients", 64, each, func() error { return send(client, "POST", base+"/Observation", body) })
	fmt.Printf("memory                     %8.0f MB resident\n", resident())
	return nil
}

func send(client *http.Client, method, url string, body []byte) error {
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}
