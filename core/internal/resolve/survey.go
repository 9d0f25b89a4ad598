package resolve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// pageSize is the most that impCentral gives.
const pageSize = 100

// fewest is how many entities must be wanted before their type's list is
// looked at. Lists of accounts, products and device groups have everything
// that other entities refer to; those of devices and deployments are long, and
// only have the account's own. Webhooks and login keys are referred to by
// nothing.
var fewest = map[entity.Type]int{
	entity.Account:     10,
	entity.Product:     10,
	entity.DeviceGroup: 10,
	entity.Device:      100,
	entity.Deployment:  100,
}

// A survey is what is known of a type's list without having read it all. How
// long the list is shows on its first page, whether it has what is wanted on
// every page. So that it does not cost more than asking singly, pages are paid
// from the entities that were found on pages before. The first page must be
// paid in advance, and one more for each hundred entities that are wanted: that
// much can be lost, when the list has none of them.
type survey struct {
	// turn is held by whoever reads pages, and guards what follows.
	turn  chan struct{}
	pages map[int][]Resource
	// last is the number of the last page.
	last int
	// balance is the number of entities found minus that of pages read.
	balance int
	// over says that no page shall be read any more.
	over bool
}

func newSurvey() *survey {
	return &survey{turn: make(chan struct{}, 1), pages: map[int][]Resource{}}
}

// survey reads pages of the type's list as long as that promises to be cheaper
// than asking for what is still unknown of ids. That a list cannot be read is
// no failure.
func (s *Store) survey(ctx context.Context, t entity.Type, ids []string) error {
	least, listed := fewest[t]
	wanted := s.unknown(t, ids)
	if !listed || len(wanted) <= least {
		return nil
	}
	// One page in advance for each hundred, the first included.
	advance := (len(wanted) + pageSize - 1) / pageSize
	s.mu.Lock()
	sh := s.shelf(t)
	v, l := sh.survey, sh.listings[unfiltered]
	s.mu.Unlock()
	if l != nil {
		// Somebody is reading the list; what is in it costs nothing.
		if _, err := s.whole(ctx, t); err != nil {
			return ctx.Err()
		}
		return nil
	}
	select {
	case v.turn <- struct{}{}:
		defer func() { <-v.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		wanted = s.unknown(t, ids)
		numbers := v.next(len(wanted), advance)
		if len(numbers) == 0 || len(v.pages) == 0 && len(wanted) <= least {
			return nil
		}
		err := s.readPages(ctx, t, v, numbers)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		v.over = err != nil
		v.balance += len(wanted) - len(s.unknown(t, ids)) - len(numbers)
		if v.complete() {
			s.keepList(t, sh, v)
		}
	}
}

// next returns the numbers of the pages to read now. After the first page they
// are spread over the rest, the last included, as what is wanted may all be
// old, or all be new.
func (v *survey) next(wanted, advance int) []int {
	if v.over || wanted == 0 {
		return nil
	}
	if len(v.pages) == 0 {
		return []int{1}
	}
	left := v.last - len(v.pages)
	if left >= wanted {
		return nil
	}
	var unread []int
	for number := 1; number <= v.last; number++ {
		if _, ok := v.pages[number]; !ok {
			unread = append(unread, number)
		}
	}
	n := min(len(unread), sideBySide, v.balance+advance)
	var numbers []int
	for i := 1; i <= n; i++ {
		numbers = append(numbers, unread[len(unread)*i/n-1])
	}
	return numbers
}

func (v *survey) complete() bool { return !v.over && len(v.pages) == v.last }

// readPages reads pages side by side.
func (s *Store) readPages(ctx context.Context, t entity.Type, v *survey, numbers []int) error {
	pages := make([]surveyed, len(numbers))
	tasks, ctx := errgroup.WithContext(ctx)
	for i, number := range numbers {
		tasks.Go(func() (err error) {
			pages[i], err = s.readPage(ctx, t, number)
			return err
		})
	}
	err := tasks.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shelf(t)
	for i, p := range pages {
		if p.last == 0 {
			continue
		}
		v.pages[numbers[i]], v.last = p.resources, p.last
		if sh.survey == v {
			sh.seen(p.resources)
		}
	}
	return err
}

type surveyed struct {
	resources []Resource
	// last is the number of the list's last page, 0 if this one was not read.
	last int
}

func (s *Store) readPage(ctx context.Context, t entity.Type, number int) (surveyed, error) {
	answer, err := s.api.Do(ctx, impcentral.Request{
		Method: http.MethodGet,
		Path:   t.Collection(),
		Query: []impcentral.Param{
			{Name: "page[number]", Value: strconv.Itoa(number)},
			{Name: "page[size]", Value: strconv.Itoa(pageSize)},
		},
	})
	if err != nil {
		return surveyed{}, fmt.Errorf("reading page %d of %ss: %w", number, t, err)
	}
	var body struct {
		Data  []json.RawMessage
		Links map[string]any
	}
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		return surveyed{}, fault.UnexpectedAnswer(err)
	}
	if body.Data == nil {
		return surveyed{}, fault.UnexpectedAnswer(errNoList)
	}
	resources, err := parsePage(t, body.Data)
	if err != nil {
		return surveyed{}, fault.UnexpectedAnswer(err)
	}
	if body.Links["next"] == nil {
		return surveyed{resources, number}, nil
	}
	link, _ := body.Links["last"].(string)
	last, err := pageNumber(link)
	if err != nil || last <= number {
		// There is more, but nobody knows how much.
		last = math.MaxInt
	}
	return surveyed{resources, last}, nil
}

var (
	errNoPage = errors.New("a link without a page number")
	errNoList = errors.New("a list without data")
)

// pageNumber is the page[number] of a link.
func pageNumber(link string) (int, error) {
	u, err := url.Parse(link)
	if err != nil {
		return 0, fmt.Errorf("reading a link: %w", err)
	}
	number := u.Query().Get("page[number]")
	if number == "" {
		return 0, errNoPage
	}
	return strconv.Atoi(number)
}

// keepList makes a list that has been read page by page the type's list.
func (s *Store) keepList(t entity.Type, sh *shelf, v *survey) {
	l := newListing(t, func() {})
	l.complete = true
	seen := map[string]bool{}
	for number := 1; number <= v.last; number++ {
		resources, ok := v.pages[number]
		if !ok {
			return // the list has changed meanwhile
		}
		var page []Resource
		for _, r := range resources {
			if !seen[r.ID] {
				seen[r.ID] = true
				page = append(page, r)
			}
		}
		if page != nil {
			l.pages = append(l.pages, page)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shelves[t] == sh && sh.survey == v && sh.listings[unfiltered] == nil {
		sh.listings[unfiltered] = l
	}
}
