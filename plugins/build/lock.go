package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// readLock reads the lock file, if there is one; one that must not change has
// to be there.
func (w *workshop) readLock(ctx context.Context) error {
	if w.Lock == "" {
		if w.frozen {
			return fault.OptionRequired(lockFile.Spec().Name)
		}
		return nil
	}
	content, missing, err := w.c.ReadFile(ctx, w.Lock)
	if err != nil {
		return err
	}
	if missing && w.frozen {
		return &fault.Fault{Kind: fault.FileKind, Sentence: fmt.Sprintf("Lock file \"%s\" is not found.", w.Lock)}
	}
	w.before, w.lock = content, content
	return nil
}

// locked are the variables as a lock keeps them.
func (w *workshop) locked() document.Object {
	text, err := json.Marshal(w.variables)
	if err != nil {
		return nil // they come from JSON
	}
	o, _ := document.ParseObject(text)
	return o
}

// saveLock writes the lock file, if it has to be another.
func (w *workshop) saveLock(ctx context.Context) error {
	if w.Lock == "" || same(w.before, w.lock) {
		return nil
	}
	if w.frozen {
		return &fault.Fault{
			Kind:     fault.ConflictKind,
			Sentence: fmt.Sprintf("This build differs from lock file \"%s\", for example in its variables.", w.Lock),
			Hints:    []string{"Without --frozen it is brought up to date."},
		}
	}
	if err := w.c.WriteFile(ctx, w.Lock, w.lock); err != nil {
		return err
	}
	return w.c.Warn(ctx, fmt.Sprintf("The lock file %s is written.", w.Lock))
}

// same tells whether JSON texts differ in their white space alone, as after a
// checkout on Windows.
func same(one, other []byte) bool {
	var a, b bytes.Buffer
	if json.Compact(&a, one) != nil || json.Compact(&b, other) != nil {
		return bytes.Equal(one, other)
	}
	return bytes.Equal(a.Bytes(), b.Bytes())
}
