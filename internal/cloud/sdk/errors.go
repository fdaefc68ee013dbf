package sdk

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/aws/smithy-go"

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

// isCode reports whether err is a service's error with that code.
func isCode(err error, code string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == code
}
