package kit

import "deskwatch/core"

// ErrorText is what went wrong in the window's language, as far as it has words for it; the core's
// own sentence otherwise.
func ErrorText(err error) string {
	text := core.ErrorMessage(err)
	switch text {
	case "Stopped as you asked. Nothing was changed.":
		return T("Stopped as you asked. Nothing was changed.")
	case "It took too long and was stopped. Try again later.":
		return T("It took too long and was stopped. Try again later.")
	case "Something went wrong inside Deskwatch. The log has the details; nothing was changed.":
		return T("Something went wrong inside Deskwatch. The log has the details; nothing was changed.")
	case "A model is being trained already. Wait for it to end, or cancel it.":
		return T("A model is being trained already. Wait for it to end, or cancel it.")
	case "Another Deskwatch trains a model of this data folder. Wait for it to end.":
		return T("Another Deskwatch trains a model of this data folder. Wait for it to end.")
	case "The training was stopped. What predicted before goes on.":
		return T("The training was stopped. What predicted before goes on.")
	case "The old model could not be removed from the data folder, and predicts on. Allow Deskwatch to write there, and train again.":
		return T("The old model could not be removed from the data folder, and predicts on. Allow Deskwatch to write there, and train again.")
	case "The new model could not be written to the data folder. What predicted before goes on. Make room on the disk, or allow Deskwatch to write there, and train again.":
		return T("The new model could not be written to the data folder. What predicted before goes on. Make room on the disk, or allow Deskwatch to write there, and train again.")
	case "The model could not be written down. The model in force was kept.":
		return T("The model could not be written down. The model in force was kept.")
	case "The sample tickets were removed while a model learned from them. It does not predict. Train again.":
		return T("The sample tickets were removed while a model learned from them. It does not predict. Train again.")
	}
	return text
}
