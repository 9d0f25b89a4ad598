//go:build !linux

package main

import (
	"context"
	"errors"
)

func spy(context.Context, *call) error    { return errors.ErrUnsupported }
func listen(context.Context, *call) error { return errors.ErrUnsupported }
func escape(context.Context, *call) error { return errors.ErrUnsupported }
