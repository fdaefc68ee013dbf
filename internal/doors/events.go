package doors

// announce tells EventBridge's subscribers how a job ended.
func (d *Doors) announce(j bdaJob) {}

// announceLake tells EventBridge's subscribers what became of a HealthLake job.
func (d *Doors) announceLake(w laneWork, j lakeJob) {}
