package settings

import "deskwatch/core"

// Bounds of what is set of predictions. Nobody looks after hundreds of tickets in a day, and a
// model that is older than a year knows another desk.
const (
	maxCapacity  = 200
	maxTrainDays = 365
)

func (c *checker) predict(s core.PredictionSettings) {
	c.within("predict.capacity", "The tickets at risk a day", s.Capacity, 1, maxCapacity)
	c.within("predict.train_days", "The days between two trainings", s.TrainDays, 0, maxTrainDays)
}
