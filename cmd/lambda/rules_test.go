package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// eventBridge calls EventBridge's door. (The SDK's client for it would be one more
// dependency; boto3 asks the same in testdata/queues.py.)
func eventBridge(t *testing.T, doors, op string, in any) {
	t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", doors+"/", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", "AWSEvents."+op)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	sum := sha256.Sum256(data)
	who, _ := settings(doors).Credentials.Retrieve(t.Context())
	if err := v4.NewSigner().SignHTTP(t.Context(), who, req, hex.EncodeToString(sum[:]), "events", region, time.Now()); err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v, %v", op, res.Status, err)
	}
	res.Body.Close()
}

type object = map[string]any

// rules makes the template's rules for a queue.
func rules(t *testing.T, doors, datastore, queue string) {
	ended := object{"source": []string{"aws.bedrock"}, "detail-type": []string{"Bedrock Data Automation Job Succeeded",
		"Bedrock Data Automation Job Failed With Client Error", "Bedrock Data Automation Job Failed With Service Error"},
		"detail": object{"input_s3_object": object{"s3_bucket": []string{"chart-in", "chart-out"}}}}
	imported := object{"source": []string{"aws.healthlake"}, "detail-type": []string{"Import Job Completed", "Import Job Completed With Errors", "Import Job Failed"},
		"detail": object{"datastoreId": []string{datastore}}}
	for name, pattern := range map[string]object{"read": ended, "imported": imported} {
		text, _ := json.Marshal(pattern)
		eventBridge(t, doors, "PutRule", object{"Name": name, "EventPattern": string(text)})
		eventBridge(t, doors, "PutTargets", object{"Rule": name, "Targets": []object{{"Id": "processor", "Arn": arnOf(queue)}}})
	}
}
