package predict

// The reasons of a prediction by a model, as core.NamedReason.Reason. They never change.
const (
	ReasonReplyWait  = "reply_wait" // the wait for the first reply, or so far; Ratio against the usual
	ReasonOwner      = "owner"      // Subject, as with the next six
	ReasonTeam       = "team"
	ReasonCustomer   = "customer"
	ReasonCategory   = "category"
	ReasonProduct    = "product"
	ReasonChannel    = "channel"
	ReasonPriority   = "priority"
	ReasonStatus     = "status"
	ReasonWords      = "words"
	ReasonTone       = "tone"
	ReasonSize       = "size"       // Count: characters
	ReasonReassigned = "reassigned" // Count: times
	ReasonReopened   = "reopened"   // Count: times
	ReasonSilence    = "silence"    // Count: days, as with the rules
	ReasonAge        = "age"        // Count: days, as with the rules
	ReasonChanges    = "changes"    // Count: steps so far
	ReasonLoad       = "load"       // how much came lately; Ratio against the usual
	ReasonColumn     = "column"     // Subject: "location: Berlin"
	ReasonPair       = "pair"       // Subject: "Ana Perez, Returns"
)

// feature is one column of what a model looks at.
type feature struct {
	name   string // for people
	reason string
	a, b   int // columns of words or, of a schema's number, its index; -1 none
}

// fieldReasons are the reasons of the well-known fields, in their order.
var fieldReasons = [wordFields]string{ReasonCustomer, ReasonOwner, ReasonTeam, ReasonProduct, ReasonCategory, ReasonChannel, ReasonPriority, ReasonStatus}

// derivedFeatures name the derived features, by their number.
func derivedFeatures() [derivedCount]feature {
	f := func(reason, name string) feature { return feature{name, reason, -1, -1} }
	return [derivedCount]feature{
		dOwnerBad:          f(ReasonOwner, "bad ends of the owner so far"),
		dTeamBad:           f(ReasonTeam, "bad ends of the team so far"),
		dCustomerBad:       f(ReasonCustomer, "bad ends of the customer so far"),
		dProductBad:        f(ReasonProduct, "bad ends with the product so far"),
		dCategoryBad:       f(ReasonCategory, "bad ends with the category so far"),
		dTopicBad:          f(ReasonCategory, "bad ends with product and category so far"),
		dOwnerTopicBad:     f(ReasonOwner, "bad ends of the owner with the category so far"),
		dCustomerEscalated: f(ReasonCustomer, "escalations of the customer so far"),
		dCustomerReopened:  f(ReasonCustomer, "reopened tickets of the customer so far"),
		dOwnerEscalated:    f(ReasonOwner, "escalations with the owner so far"),
		dCustomerOpen:      f(ReasonCustomer, "open tickets of the customer"),
		dCustomerRecent:    f(ReasonCustomer, "tickets of the customer lately"),
		dCustomerGap:       f(ReasonCustomer, "time since the customer's last ticket"),
		dOwnerLoad:         f(ReasonLoad, "tickets of the owner lately"),
		dOwnerBusy:         f(ReasonLoad, "tickets of the owner lately, compared with the usual"),
		dDeskBusy:          f(ReasonLoad, "tickets of the desk lately, compared with the usual"),
		dSize:              f(ReasonSize, "length of the text"),
		dTone:              f(ReasonTone, "tone of the text"),
		dReply:             f(ReasonReplyWait, "first reply"),
		dReplyTopic:        f(ReasonReplyWait, "first reply, compared with the topic's usual"),
		dReplyOwner:        f(ReasonReplyWait, "first reply, compared with the owner's usual"),
		dReplyCustomer:     f(ReasonReplyWait, "first reply, compared with the customer's usual"),
		dReplyOwnerTopic:   f(ReasonReplyWait, "first reply, compared with the owner's usual for the category"),
		dWaited:            f(ReasonReplyWait, "wait for a first reply so far"),
		dWaitedTopic:       f(ReasonReplyWait, "wait so far, compared with the topic's usual"),
		dWaitedOwner:       f(ReasonReplyWait, "wait so far, compared with the owner's usual"),
		dWaitedCustomer:    f(ReasonReplyWait, "wait so far, compared with the customer's usual"),
		dSilence:           f(ReasonSilence, "time since anything happened"),
		dAge:               f(ReasonAge, "age"),
		dReassigned:        f(ReasonReassigned, "times given to another owner"),
		dTeams:             f(ReasonReassigned, "times given to another team"),
		dReopened:          f(ReasonReopened, "times reopened"),
		dPriorities:        f(ReasonPriority, "times the priority changed"),
		dSteps:             f(ReasonChanges, "changes so far"),
	}
}

// featuresOf name the features of an encoder, in the order it writes them.
func featuresOf(s Schema, n *encoder) []feature {
	derived := derivedFeatures()
	all := append(make([]feature, 0, n.size()), derived[:]...)
	for i, name := range s.Numbers {
		all = append(all, feature{name, ReasonColumn, -1, i})
	}
	for c := range n.words {
		all = append(all, feature{s.columnName(c), s.columnReason(c), c, -1})
	}
	for _, t := range n.pairs {
		all = append(all, feature{s.columnName(t.a) + " with " + s.columnName(t.b), ReasonPair, t.a, t.b})
	}
	if n.grams != nil {
		all = append(all, feature{"words of the text", ReasonWords, -1, -1})
	}
	return all
}

func (s Schema) columnReason(c int) string {
	if c < wordFields {
		return fieldReasons[c]
	}
	return ReasonColumn
}

// columnName is what people call a column of words.
func (s Schema) columnName(c int) string {
	if c < wordFields {
		return fieldReasons[c]
	}
	return s.Words[c-wordFields]
}
