package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"deskwatch/core"
)

// maxListed bounds the orders one mail lists.
const maxListed = 1000

// AlertInput is all a mail about one breach is written from.
type AlertInput struct {
	Rule       core.Rule
	Breach     core.Breach
	Orders     []core.Order // of that customer and the breach's days with the rule's statuses, newest first, at most 1,000
	OrderTotal int64        // how many there are
	Previous   int          // the count when it was last mailed; 0 when it never was
	Recipient  string
	MessageID  string
	At         time.Time
}

// MessageID is the stable Message-ID, angle brackets included, of one alert to one recipient.
// It depends on nothing else, so two processes that decide the same alert at the same moment
// name it the same, and the ledger queues it once. A window of days counts with its first and
// last day: another one that ends in the same month is another alert.
func MessageID(installID string, ruleID int64, b core.Breach, recipient string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %d %q %s %d %q", installID, ruleID, b.Customer, b.Period, b.Count, recipient)
	if b.InWindow() {
		fmt.Fprintf(h, " %s %s", b.From, b.To)
	}
	return "<" + hex.EncodeToString(h.Sum(nil)[:16]) + "@deskwatch.local>"
}

// write makes the deliveries of one alert, one per recipient.
func (c *Checker) write(ctx context.Context, rule core.Rule, b core.Breach, last *core.Alerted, at time.Time) ([]core.NewDelivery, error) {
	from, to := b.Days()
	page, err := c.Orders(ctx, core.OrderQuery{Customer: b.Customer, From: from, To: to, Statuses: rule.Statuses, Limit: maxListed})
	if err != nil {
		return nil, err
	}
	previous := 0
	if last != nil && last.Mailed {
		previous = last.Count
	}
	var list []core.NewDelivery
	for _, to := range Recipients(rule, b) {
		in := AlertInput{
			Rule: rule, Breach: b, Orders: page.Orders, OrderTotal: page.Total, Previous: previous,
			Recipient: to, MessageID: MessageID(c.InstallID, rule.ID, b, to), At: at,
		}
		m, err := c.Render(in)
		if err != nil {
			return nil, core.NewError(core.ErrorCode(err), "alert.render", fmt.Sprintf(
				"The mail about customer %s could not be written, so nothing of the rule %q was queued in this run.", b.Customer, rule.Name), err)
		}
		m.To, m.MessageID, m.Date = to, in.MessageID, at
		list = append(list, core.NewDelivery{
			MessageID: in.MessageID, RuleID: rule.ID, Customer: b.Customer, Period: b.Period, Count: b.Count, Message: m,
		})
	}
	return list, nil
}
