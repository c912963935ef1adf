package app

import (
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tickets"
)

func timed(t *testing.T, req core.EvaluationRequest, train, test *predict.Table) {
	t.Helper()
	words, err := tickets.NewDictionary(core.TicketMapping{}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if err := findTimes(&req, train, test, words); err != nil {
		t.Fatal(err)
	}
}

func TestDatesNobodyCanTellApartAreReadAsThoseOfTheOtherFile(t *testing.T) {
	long := &predict.Table{Columns: []string{"Opened", "agent"}, Rows: [][]string{{"08/25/2023 10:00", "Ana"}, {"09/01/2023 10:00", "Bo"}}}
	short := &predict.Table{Columns: []string{"agent", "opened"}, Rows: [][]string{{"Ana", "09/02/2023 10:00"}, {"Bo", "09/03/2023 10:00"}}}
	want := time.Date(2023, 9, 2, 10, 0, 0, 0, time.UTC)
	for _, files := range [][2]*predict.Table{{long, short}, {short, long}} {
		timed(t, core.EvaluationRequest{}, files[0], files[1])
		if at, err := short.Times[1](short.Rows[0][1]); err != nil || !at.Equal(want) {
			t.Errorf("read as %v, %v, want %v", at, err, want)
		}
		if short.Times[0] != nil || long.Times[1] != nil {
			t.Error("agents are times")
		}
		if short.Called["created"] != "opened" || long.Called["created"] != "Opened" {
			t.Errorf("created is called %q and %q", short.Called["created"], long.Called["created"])
		}
	}
}

func TestNumbersAreTimesWhereSomebodySaysSo(t *testing.T) {
	table := &predict.Table{Columns: []string{"came", "amount"}, Rows: [][]string{{"1693000000", "1693000000"}, {"1693000100", "1693000100"}}}
	timed(t, core.EvaluationRequest{Map: map[string]string{"created": "Came"}}, table, table)
	if table.Times[0] == nil || table.Times[1] != nil {
		t.Fatalf("times: %v, %v", table.Times[0] != nil, table.Times[1] != nil)
	}
	if at, err := table.Times[0]("1693000100"); err != nil || at.Unix() != 1693000100 {
		t.Errorf("%v, %v", at, err)
	}
}
