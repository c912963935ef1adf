package tickets

import "deskwatch/core"

// sampleTopics are what invented customers write about, by product.
var sampleTopics = []struct {
	product  string
	subjects []string
}{
	{"Spark", []string{"Spark job lost after the nightly upgrade", "Executors run out of memory", "Job stays in state accepted", "Wrong totals after a retry", "How do I read a table of last year?", "Driver stops without a message"}},
	{"Storage", []string{"Bucket cannot be listed", "Upload stops at 2 GB", "Files of yesterday are missing", "Quota reached although half is free", "Restore a folder deleted by mistake", "Access denied since the rotation of keys"}},
	{"Streams", []string{"Consumer lags by two hours", "Messages arrive twice", "Topic cannot be made", "Connector fails with a time-out", "Schema refused after a deployment"}},
	{"Console", []string{"Cannot sign in with single sign-on", "Charts stay empty in the console", "Export of the invoice fails", "Two users see each other's projects", "Page asks for the password again and again"}},
	{"Billing", []string{"Invoice shows last year's address", "Charged twice in one month", "Credit note is missing", "Change of plan did not arrive", "Question about the tax number"}},
}

var (
	sampleOwners   = []string{"Ana Prieto", "Ben Okafor", "Chloé Marchand", "Dario Vidal", "Elif Aksoy"}
	sampleChannels = []string{"Email", "Email", "Web", "Web", "Phone", "Chat"}
	sampleTexts    = []string{
		"Since this morning we see this in production. Nothing was changed on our side.",
		"It happened twice this week. Please tell us what we can do until it is solved.",
		"This blocks our month-end closing. Please call us back.",
		"We followed the manual step by step and end up at the same point.",
		"Two of our teams see it, the others do not. The log of one of them is attached.",
	}
	sampleAngry = []string{
		"It is broken again, the third time this month. We are losing patience.",
		"Still broken after your last fix. This is not acceptable, and nobody called us back.",
		"The same error again. We are very disappointed and think about leaving.",
		"Again no answer to our last mail, and it is still broken. This hurts our business badly.",
	}
	sampleCalm = []string{
		"Not urgent, but we would like to understand it. A screenshot is attached to our mail.",
		"A question only: is this the right way to do it? Thank you for the great help last time.",
		"No hurry, whenever you find the time. Many thanks.",
	}
)

// How much an owner and a product add to the trouble of a sample ticket, in log odds.
var (
	sampleOwnerTrouble   = map[string]float64{"Ana Prieto": -0.8, "Dario Vidal": 2.0, "Elif Aksoy": -0.4}
	sampleProductTrouble = map[string]float64{"Billing": 1.4, "Streams": 0.4, "Console": -0.4}
)

// sampleWords are the spellings of the sample's source.
var sampleWords = map[core.TicketStatus]string{
	core.TicketNew: "New", core.TicketOpen: "Working", core.TicketPending: "Waiting on customer", core.TicketHeld: "Waiting on third party",
	core.TicketResolved: "Resolved", core.TicketClosed: "Closed",
}

var samplePriorities = map[core.Priority]string{
	core.PriorityUrgent: "P1 - Urgent", core.PriorityHigh: "P2 - High", core.PriorityNormal: "P3 - Normal", core.PriorityLow: "P4 - Low",
}
