package predict

import (
	"math"
	"strings"
	"testing"
)

func TestColumnsFilledInAfterwardsAreRefused(t *testing.T) {
	for _, name := range []string{"Customer Remarks", "Survey_response_Date", "CSAT Score", "closed_code", "ClosedCode", "Close Code", "resolved_by", "resolved_at", "closed_at", "connected_handling_time", "reassignment_count", "reopen_count", "sys_mod_count", "made_sla", "Satisfaction Rating", "Resolution Notes", "caused_by", "satisfaction comment", "resolution code", "time_to_resolve", "closed by", "Solved At", "final_priority", "reassignments_total", "sla_breached", "outcome", "First Response Time"} {
		if RefusedColumn(name) == "" {
			t.Errorf("%q is taken", name)
		}
	}
	for _, name := range []string{"knowledge", "category", "Sub-category", "Item_price", "location", "Agent_name", "order_date_time", "notify", "impact", "u_priority_confirmation", "Tenure Bucket", "remark type", "disclosed", "operating system", "brand", "cmdb_ci", "rfc", "vendor", "generating plant", "count of seats", "opened_by", "previous reopen count", "prior_csat_avg", "solar panel"} {
		if why := RefusedColumn(name); why != "" {
			t.Errorf("%q is refused: %s", name, why)
		}
	}
}

func TestAColumnTooGoodToBeTrueIsWarnedOf(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	lives := madeLives(500, 8)
	for i := range lives {
		lives[i].Facts.Words = []string{"went well"}
		if lives[i].Outcome == OutcomeBad {
			lives[i].Facts.Words[0] = "went wrong"
		}
	}
	if out := trained(t, lives, madeOptions); len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], `"location"`) ||
		out.Suspects[0].Name != "location" || out.Suspects[0].Filled || out.Suspects[0].AUC < 0.75 {
		t.Errorf("warnings %q, suspects %+v", out.Warnings, out.Suspects)
	}
	lives = madeLives(500, 8)
	for i := range lives {
		if lives[i].Outcome != OutcomeBad {
			lives[i].Facts.Numbers = []float64{math.NaN()} // only unhappy customers wrote anything
		}
	}
	if out := trained(t, lives, madeOptions); len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], `Whether "price"`) ||
		len(out.Suspects) != 1 || out.Suspects[0].Name != "price" || !out.Suspects[0].Filled {
		t.Errorf("warnings %q, suspects %+v", out.Warnings, out.Suspects)
	}
}
