package sdk

import (
	"context"
	"errors"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// together is how many pieces of work run side by side; the host paces what
// becomes a request.
const together = 8

// Each runs work for 0 to n-1 side by side and returns the error of the first
// in order that failed. A failure cancels what has not begun.
func Each(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, n)
	slots := make(chan struct{}, together)
	var wg sync.WaitGroup
	var skipped error
	for i := range n {
		slots <- struct{}{}
		if skipped = ctx.Err(); skipped != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			if errs[i] = work(ctx, i); errs[i] != nil {
				cancel()
			}
		})
	}
	wg.Wait()
	if err := first(errs); err != nil {
		return err
	}
	return skipped
}

// first prefers a failure over the cancellations that it caused.
func first(errs []error) error {
	var canceled error
	for _, err := range errs {
		switch {
		case err == nil:
		case !isCancellation(err):
			return err
		case canceled == nil:
			canceled = err
		}
	}
	return canceled
}

func isCancellation(err error) bool {
	return errors.Is(err, context.Canceled) || status.Code(errors.Unwrap(err)) == codes.Canceled
}
