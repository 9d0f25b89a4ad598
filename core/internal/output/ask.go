package output

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Confirm asks whether to go on; nil is a yes. option is the long name of the
// option that would have answered. Canceled for a no, when the user leaves the
// question and when the context ends; NoTerminal.
func (p *Printer) Confirm(ctx context.Context, c *pluginv1.Confirm, option string) error {
	text, err := p.confirmation(c)
	if err != nil {
		return err
	}
	return p.ask(ctx, func() error {
		p.say(text)
		t, err := p.terminal("confirm this", option)
		if err != nil {
			return err
		}
		defer func() { _ = t.Close() }()
		p.say("Are you sure you want to continue?\n")
		for {
			answer, err := t.answer(ctx, "Enter 'y' (yes) or 'n' (no): ", false)
			if err != nil {
				return err
			}
			switch strings.ToLower(strings.TrimSpace(answer)) {
			case "y":
				p.say("\n")
				return nil
			case "n":
				p.say("\n")
				return fault.Canceled()
			}
			p.say("\nInvalid value!\n")
		}
	})
}

// confirmation is what stands before the question. A part that has more than
// its heading is followed by an empty line.
func (p *Printer) confirmation(c *pluginv1.Confirm) (string, error) {
	t := p.tree(p.dialog)
	for _, m := range c.GetMessages() {
		t.line(m)
	}
	for _, a := range c.GetAffected() {
		var items document.List
		if len(a.GetItems()) > 0 {
			var err error
			if items, err = readList(a.GetItems()); err != nil {
				return "", fmt.Errorf("asking the user: %w", err)
			}
		}
		if a.GetHeading() != "" {
			t.line(a.GetHeading())
		}
		t.kinds(items)
		for _, l := range a.GetLines() {
			t.line(l)
		}
		if a.GetHeading() != "" && len(items)+len(a.GetLines()) > 0 {
			t.newline()
		}
	}
	return string(t.buf), nil
}

// Choose asks for one of several, and returns its place, from 0. Errors as of
// Confirm.
func (p *Printer) Choose(ctx context.Context, c *pluginv1.Choice, option string) (int, error) {
	t := p.tree(p.dialog)
	if c.GetMessage() != "" {
		t.line(c.GetMessage())
	}
	numbers := make([]string, len(c.GetChoices()))
	for i, choice := range c.GetChoices() {
		numbers[i] = strconv.Itoa(i + 1)
		t.line("  (" + numbers[i] + ") " + choice)
	}
	if len(numbers) == 0 {
		return 0, errors.New("asking the user: there is nothing to choose")
	}
	t.newline()

	chosen := 0
	err := p.ask(ctx, func() error {
		p.say(string(t.buf))
		tty, err := p.terminal("choose", option)
		if err != nil {
			return err
		}
		defer func() { _ = tty.Close() }()
		for {
			answer, err := tty.answer(ctx, "Enter "+strings.Join(numbers, " or ")+": ", false)
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(strings.TrimSpace(answer))
			if err == nil && n >= 1 && n <= len(numbers) {
				p.say("\n")
				chosen = n - 1
				return nil
			}
			p.say("\nInvalid value!\n")
		}
	})
	return chosen, err
}

// Line asks for a line of text, which does not appear when it is hidden.
// Errors as of Confirm.
func (p *Printer) Line(ctx context.Context, what string, hidden bool, option string) (string, error) {
	var answer string
	err := p.ask(ctx, func() error {
		t, err := p.terminal("enter the "+what, option)
		if err != nil {
			return err
		}
		defer func() { _ = t.Close() }()
		answer, err = t.answer(ctx, "Enter "+p.dialog.escape(what)+": ", hidden)
		return err
	})
	return answer, err
}

// ask runs one question at a time. What others print meanwhile waits.
func (p *Printer) ask(ctx context.Context, question func() error) error {
	select {
	case p.question <- struct{}{}:
		defer func() { <-p.question }()
	case <-ctx.Done():
		return fault.Canceled()
	}
	if ctx.Err() != nil {
		return fault.Canceled()
	}
	p.mu.Lock()
	p.asking = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.release()
	}()
	return question()
}

// say writes a part of the open question.
func (p *Printer) say(text string) {
	if text == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.put(p.dialog, []byte(text))
}

// prompter asks at the terminal until it is closed.
type prompter struct {
	Terminal
	printer *Printer
	doing   string // what the terminal is needed for
	option  string
}

// terminal opens the terminal for doing something with the user.
func (p *Printer) terminal(doing, option string) (*prompter, error) {
	if p.openTTY == nil {
		return nil, fault.NoTerminal(doing, option, nil)
	}
	t, err := p.openTTY()
	if err != nil {
		return nil, fault.NoTerminal(doing, option, err)
	}
	return &prompter{t, p, doing, option}, nil
}

// answer shows the prompt and reads the answer. Afterwards the cursor is at
// the begin of a line.
func (t *prompter) answer(ctx context.Context, prompt string, hidden bool) (string, error) {
	p, prompted := t.printer, false
	answer, err := t.ReadLine(ctx, hidden, func() {
		prompted = true
		p.say(prompt)
	})
	if !prompted {
		return "", fault.NoTerminal(t.doing, t.option, err)
	}
	// A terminal has shown what was typed, unless it was hidden.
	shown := p.dialog.stream.Terminal && !hidden
	switch {
	case err == nil && shown:
	case errors.Is(err, ErrInterrupt) && !shown:
		p.say("^C\n")
	default:
		p.say("\n")
	}
	if err != nil {
		// The user has left, or the terminal has gone.
		f := fault.Canceled()
		f.Cause = err
		return "", f
	}
	return answer, nil
}
