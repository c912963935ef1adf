package kit

import "strings"

// FeatureName words what a model looks at in the window's language. A column of a desk's own keeps
// the name it has.
func FeatureName(name string) string {
	const usual = "wait for the first reply, compared with the usual of the "
	if column, ok := strings.CutPrefix(name, usual); ok {
		return T("first reply, compared with the usual: %s", columnWord(column))
	}
	if word := derivedWord(name); word != "" {
		return word
	}
	if a, b, ok := strings.Cut(name, " with "); ok {
		return T("%s with %s", columnWord(a), columnWord(b))
	}
	return columnWord(name)
}

func columnWord(name string) string {
	switch name {
	case "customer":
		return T("customer")
	case "owner":
		return T("owner")
	case "team":
		return T("team")
	case "product":
		return T("product")
	case "category":
		return T("category")
	case "channel":
		return T("channel")
	case "priority":
		return T("priority")
	case "status":
		return T("status")
	}
	return name
}

// derivedWord words what is computed of a ticket and of those before it; "" of anything else.
func derivedWord(name string) string {
	return map[string]string{
		"bad ends of the owner so far":                                  T("bad ends of the owner so far"),
		"bad ends of the team so far":                                   T("bad ends of the team so far"),
		"bad ends of the customer so far":                               T("bad ends of the customer so far"),
		"bad ends with the product so far":                              T("bad ends with the product so far"),
		"bad ends with the category so far":                             T("bad ends with the category so far"),
		"bad ends with product and category so far":                     T("bad ends with product and category so far"),
		"bad ends of the owner with the category so far":                T("bad ends of the owner with the category so far"),
		"escalations of the customer so far":                            T("escalations of the customer so far"),
		"reopened tickets of the customer so far":                       T("reopened tickets of the customer so far"),
		"escalations with the owner so far":                             T("escalations with the owner so far"),
		"open tickets of the customer":                                  T("open tickets of the customer"),
		"tickets of the customer lately":                                T("tickets of the customer lately"),
		"time since the customer's last ticket":                         T("time since the customer's last ticket"),
		"tickets of the owner lately":                                   T("tickets of the owner lately"),
		"tickets of the owner lately, compared with the usual":          T("tickets of the owner lately, compared with the usual"),
		"tickets of the desk lately, compared with the usual":           T("tickets of the desk lately, compared with the usual"),
		"length of the text":                                            T("length of the text"),
		"tone of the text":                                              T("tone of the text"),
		"words of the text":                                             T("words of the text"),
		"first reply":                                                   T("first reply"),
		"first reply, compared with the topic's usual":                  T("first reply, compared with the topic's usual"),
		"first reply, compared with the owner's usual":                  T("first reply, compared with the owner's usual"),
		"first reply, compared with the customer's usual":               T("first reply, compared with the customer's usual"),
		"first reply, compared with the owner's usual for the category": T("first reply, compared with the owner's usual for the category"),
		"wait for a first reply so far":                                 T("wait for a first reply so far"),
		"wait so far, compared with the topic's usual":                  T("wait so far, compared with the topic's usual"),
		"wait so far, compared with the owner's usual":                  T("wait so far, compared with the owner's usual"),
		"wait so far, compared with the customer's usual":               T("wait so far, compared with the customer's usual"),
		"time since anything happened":                                  T("time since anything happened"),
		"age":                                                           T("age"),
		"times given to another owner":                                  T("times given to another owner"),
		"times given to another team":                                   T("times given to another team"),
		"times reopened":                                                T("times reopened"),
		"times the priority changed":                                    T("times the priority changed"),
		"changes so far":                                                T("changes so far"),
	}[name]
}
