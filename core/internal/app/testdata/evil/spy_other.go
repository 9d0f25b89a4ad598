//go:build !linux

package main

import (
	"context"
	"errors"
)

func spy(context.Context, *call) error     { return errors.ErrUnsupported }
func listen(context.Context, *call) error  { return errors.ErrUnsupported }
func escape(context.Context, *call) error  { return errors.ErrUnsupported }
func chatter(context.Context, *call) error { return errors.ErrUnsupported }
func crowd(context.Context, *call) error   { return errors.ErrUnsupported }
func glutton(context.Context, *call) error { return errors.ErrUnsupported }
func hoard(context.Context, *call) error   { return errors.ErrUnsupported }
func garble(context.Context, *call) error  { return errors.ErrUnsupported }
func flee(context.Context, *call) error    { return errors.ErrUnsupported }
func gape(context.Context, *call) error    { return errors.ErrUnsupported }
func swarm(context.Context, *call) error   { return errors.ErrUnsupported }
func deny(context.Context, *call) error    { return errors.ErrUnsupported }
