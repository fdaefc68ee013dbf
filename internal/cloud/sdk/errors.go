package sdk

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/paperchart/paperchart/internal/cloud"
)

// plain makes an error of a service's that tells its code and no more: messages
// quote object keys, and those may name patients.
func plain(doing string, err error) error {
	var api smithy.APIError
	var u *url.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &api) && errors.As(err, &u):
		return fmt.Errorf("%s: %w", doing, u.Err)
	case !errors.As(err, &api):
		return fmt.Errorf("%s: %w", doing, err)
	}
	if kind := kindOf(api.ErrorCode()); kind != nil {
		return fmt.Errorf("%s: %w (%s)", doing, kind, api.ErrorCode())
	}
	return fmt.Errorf("%s: AWS answered %s", doing, api.ErrorCode())
}

// kindOf is what an error code means to the functions; nil where nothing special.
func kindOf(code string) error {
	switch code {
	case "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown",
		"ServiceQuotaExceededException", "LimitExceededException", "ServiceUnavailableException", "ServiceUnavailable":
		return cloud.ErrBusy
	case "ResourceNotFoundException", "NoSuchKey", "NoSuchVersion", "NotFound":
		return cloud.ErrAbsent
	}
	return nil
}

// unbegun reports whether a failed call was surely not begun: it found no
// credentials or no connection, or the service refused it. An answer that got lost
// and the service's own faults leave it open.
func unbegun(err error) bool {
	var sign *v4.SigningError
	var dial *net.OpError
	var answer *smithyhttp.ResponseError
	switch {
	case errors.As(err, &dial):
		return dial.Op == "dial"
	case errors.As(err, &answer):
		return answer.HTTPStatusCode() >= 400 && answer.HTTPStatusCode() < 500
	}
	return errors.As(err, &sign)
}

// isCode reports whether err is a service's error with that code.
func isCode(err error, code string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == code
}
