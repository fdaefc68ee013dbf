package deploy

import (
	"fmt"
	"math"

	"github.com/paperchart/paperchart/blueprint"
)

// Price is one price of the table, in US dollars.
type Price struct {
	What   string
	Dollar float64
	Unit   string
	// Source says where the number is from, and how sure it is.
	Source string
}

// PricesRead is when the prices were read. They are list prices of us-east-1 and
// us-west-2, and no offer.
const PricesRead = "2026-11"

// The prices that matter. Requests, queues, functions and storage of a practice's
// records are cents beside them, and stand in one line.
var (
	PageBase  = Price{"BDA custom output, up to 30 fields", 0.040, "page", "eight public repositories agree, one from AWS's documents; check aws.amazon.com/bedrock/pricing"}
	PageField = Price{"BDA custom output, each further field", 0.0005, "page", "as above"}
	StoreHour = Price{"HealthLake data store, with 10 GB and 3,500 queries an hour", 0.27, "hour", "third parties; the pricing page has the model (by the hour while it exists). Check aws.amazon.com/healthlake/pricing"}
	Key       = Price{"KMS key", 1.00, "month", "aws.amazon.com/kms/pricing"}
	Endpoint  = Price{"PrivateLink endpoint, for each zone", 0.01, "hour", "aws.amazon.com/privatelink/pricing; for Network=true, three endpoints in two zones"}
	Small     = Price{"Lambda, SQS, S3, EventBridge, logs, trail", 0.001, "page", "upper estimate: some 30 requests and 2 MB a page"}
)

// hoursAMonth is AWS's own month.
const hoursAMonth = 730

// includedFields is what the price of a page includes.
const includedFields = 30

// Cost is one line of an estimate, in US dollars a month.
type Cost struct {
	What   string
	Dollar float64
}

// PageDollars is what BDA takes for a page with a blueprint.
func PageDollars(b *blueprint.Blueprint) float64 {
	fields, _ := b.Leaves()
	return PageBase.Dollar + PageField.Dollar*float64(max(0, fields-includedFields))
}

// Prices are all of the table.
func Prices() []Price { return []Price{PageBase, PageField, StoreHour, Key, Small, Endpoint, Machine} }

// endpoints are those of deploy/aws/network.yaml, times its zones.
const endpoints = 3 * 2

// Estimate is what a number of pages a month costs with a blueprint, with or
// without a network of the functions' own.
func Estimate(pages int, b *blueprint.Blueprint, network bool) []Cost {
	page := PageDollars(b)
	n := float64(max(0, pages))
	all := []Cost{
		{"Bedrock Data Automation", n * page},
		{"HealthLake data store", hoursAMonth * StoreHour.Dollar},
		{"KMS key", Key.Dollar},
		{"Lambda, SQS, S3, logs", n * Small.Dollar},
	}
	if network {
		all = append(all, Cost{"Endpoints of the network", hoursAMonth * endpoints * Endpoint.Dollar})
	}
	return all
}

// The other way: a machine of one's own. Measured with `paperchart digitize` on
// the packet of samples/, a page at 300 dpi takes one core about 1 second; bad scans take more.
const CoreSecondsAPage = 3.0

// Machine is a server that can be had for so many dollars a month, in a cloud or,
// over five years, in the cellar; check what yours costs.
var Machine = Price{"a server with 4 cores, 8 GB and 200 GB", 60, "month", "an assumption; --machine sets yours"}

const (
	machineCores = 4
	// busy is the share of the month in which the machine reads: working hours.
	busy = 0.25
)

// SelfHosted is what the same costs on machines of one's own at a price a month,
// without the people who look after them.
func SelfHosted(pages int, machine float64) (Cost, int) {
	room := hoursAMonth * 3600 * machineCores * busy / CoreSecondsAPage
	n := max(1, int(math.Ceil(float64(max(0, pages))/room)))
	return Cost{fmt.Sprintf("%d × %s", n, Machine.What), float64(n) * machine}, n
}

// Total adds an estimate up.
func Total(all []Cost) float64 {
	sum := 0.0
	for _, c := range all {
		sum += c.Dollar
	}
	return sum
}
