package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	pb "depotpb"

	"github.com/golang/protobuf/proto"
	"github.com/golang/protobuf/ptypes"
	"github.com/golang/protobuf/ptypes/timestamp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A depot is the service. Its clock advances with every question asked of it, so that the same
// morning gives the same answers.
type depot struct {
	mu       sync.Mutex
	now      time.Time
	fuel     int64 // surcharge in cents
	shelves  []string
	parcels  map[string]*pb.Parcel
	history  map[string][]*pb.TrackingEvent
	changed  *sync.Cond
	loaded   map[string][]string // by van
	nextID   int
	ferry    chan struct{} // a ferry quote waits for the harbour office to answer
	ferryAsk chan struct{} // and has been asked for
}

// The initial state: what the morning starts from.
type openingState struct {
	Depot    string    `json:"depot"`
	OpensAt  time.Time `json:"opens_at"`
	FuelCent int64     `json:"fuel_surcharge_cents"`
	Shelves  []string  `json:"free_shelves"`
	NextID   int       `json:"next_parcel"`
}

func newDepot(s openingState) *depot {
	d := &depot{
		now: s.OpensAt, fuel: s.FuelCent, shelves: s.Shelves, nextID: s.NextID,
		parcels: map[string]*pb.Parcel{}, history: map[string][]*pb.TrackingEvent{}, loaded: map[string][]string{},
		ferry: make(chan struct{}), ferryAsk: make(chan struct{}),
	}
	d.changed = sync.NewCond(&d.mu)
	return d
}

func (d *depot) tick() *timestamp.Timestamp {
	d.now = d.now.Add(37 * time.Second)
	at, _ := ptypes.TimestampProto(d.now)
	return at
}

// fail is a status with one detail.
func fail(code codes.Code, detail proto.Message, format string, args ...interface{}) error {
	st, err := status.Newf(code, format, args...).WithDetails(detail)
	if err != nil {
		panic(err)
	}
	return st.Err()
}

func (d *depot) noParcel(id string) error {
	return fail(codes.NotFound, &errdetails.ResourceInfo{
		ResourceType: "depot.v1.Parcel",
		ResourceName: "parcels/" + id,
		Description:  "It was never booked here, or left more than 90 days ago.",
	}, "no parcel %q in this depot", id)
}

func (d *depot) price(weight float64, service pb.Service) *pb.Quote {
	q := &pb.Quote{Surcharges: map[string]int64{"fuel": d.fuel}, Transit: ptypes.DurationProto(48 * time.Hour)}
	cents := 390 + int64(weight*40)
	switch service {
	case pb.Service_SERVICE_NEXT_MORNING:
		q.Surcharges["next morning"] = 450
		q.Transit = ptypes.DurationProto(20 * time.Hour)
	case pb.Service_SERVICE_ISLAND_FERRY:
		q.Surcharges["ferry"] = 620
		q.Surcharges["harbour dues"] = 35
		q.Transit = ptypes.DurationProto(72 * time.Hour)
	}
	for _, c := range q.Surcharges {
		cents += c
	}
	q.Price = &pb.Money{Currency: "EUR", Cents: cents}
	return q
}

func (d *depot) GetQuote(_ context.Context, r *pb.GetQuoteRequest) (*pb.Quote, error) {
	if r.Service == pb.Service_SERVICE_ISLAND_FERRY {
		d.ferryAsk <- struct{}{}
		<-d.ferry
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tick()
	return d.price(r.WeightKg, r.Service), nil
}

func (d *depot) BookParcel(_ context.Context, r *pb.BookParcelRequest) (*pb.Parcel, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.tick()
	bad := &errdetails.BadRequest{}
	if r.WeightKg <= 0 || r.WeightKg > 31.5 {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: "weight_kg", Description: fmt.Sprintf("must be above 0 and at most 31.5, is %g", r.WeightKg)})
	}
	if len(r.GetTo().GetPostcode()) != 5 {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: "to.postcode", Description: fmt.Sprintf("must have five digits, is %q", r.GetTo().GetPostcode())})
	}
	if len(bad.FieldViolations) > 0 {
		return nil, fail(codes.InvalidArgument, bad, "the parcel cannot be booked: %d fields are wrong", len(bad.FieldViolations))
	}
	if len(d.shelves) == 0 {
		return nil, fail(codes.ResourceExhausted, &errdetails.RetryInfo{RetryDelay: ptypes.DurationProto(10 * time.Minute)},
			"every shelf is taken; the next van leaves soon")
	}
	p := &pb.Parcel{
		Id: fmt.Sprintf("HB-%04d", d.nextID), To: r.To, WeightKg: r.WeightKg, Service: r.Service,
		Price: d.price(r.WeightKg, r.Service).Price, BookedAt: at, References: r.References,
		Place: &pb.Parcel_Shelf{Shelf: d.shelves[0]},
	}
	p.Barcode = []byte{0x5b, 0x29, 0x3e, 0x1e, byte(d.nextID >> 8), byte(d.nextID), byte(len(p.Id)), 0x04}
	d.shelves = d.shelves[1:]
	d.nextID++
	d.parcels[p.Id] = p
	d.happened(p.Id, &pb.TrackingEvent{Kind: pb.TrackingEvent_BOOKED, At: at, Note: "shelf " + p.GetShelf()})
	return proto.Clone(p).(*pb.Parcel), nil
}

func (d *depot) happened(id string, event *pb.TrackingEvent) {
	d.history[id] = append(d.history[id], event)
	d.changed.Broadcast()
}

func (d *depot) GetParcel(_ context.Context, r *pb.GetParcelRequest) (*pb.Parcel, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tick()
	p, ok := d.parcels[r.Id]
	if !ok {
		return nil, d.noParcel(r.Id)
	}
	return proto.Clone(p).(*pb.Parcel), nil
}

func (d *depot) TrackParcel(r *pb.TrackParcelRequest, out pb.Depot_TrackParcelServer) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.parcels[r.Id]; !ok {
		return d.noParcel(r.Id)
	}
	for sent := 0; ; {
		for ; sent < len(d.history[r.Id]); sent++ {
			event := d.history[r.Id][sent]
			if err := out.Send(event); err != nil {
				return err
			}
			if event.Kind == pb.TrackingEvent_DELIVERED {
				return nil
			}
		}
		d.changed.Wait()
	}
}

func (d *depot) LoadVan(in pb.Depot_LoadVanServer) error {
	sum := &pb.LoadSummary{}
	for {
		scan, err := in.Recv()
		if err == io.EOF {
			return in.SendAndClose(sum)
		}
		if err != nil {
			return err
		}
		if err := d.load(scan, sum); err != nil {
			return err
		}
	}
}

func (d *depot) load(scan *pb.Scan, sum *pb.LoadSummary) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.tick()
	p, ok := d.parcels[scan.ParcelId]
	if !ok {
		return d.noParcel(scan.ParcelId)
	}
	if van := p.GetVan(); van != "" {
		return fail(codes.FailedPrecondition, &errdetails.PreconditionFailure{
			Violations: []*errdetails.PreconditionFailure_Violation{{
				Type: "LOADED_TWICE", Subject: "parcels/" + p.Id, Description: "It is in " + van + ". Take it out there first."}},
		}, "parcel %s is in %s already", p.Id, van)
	}
	d.shelves = append(d.shelves, p.GetShelf())
	p.Place = &pb.Parcel_Van{Van: scan.Van}
	d.loaded[scan.Van] = append(d.loaded[scan.Van], p.Id)
	sum.Van = scan.Van
	sum.Parcels++
	sum.WeightKg += p.WeightKg
	sum.ParcelIds = append(sum.ParcelIds, p.Id)
	d.happened(p.Id, &pb.TrackingEvent{Kind: pb.TrackingEvent_LOADED, At: at, Note: scan.Van})
	return nil
}

func (d *depot) DriveRound(str pb.Depot_DriveRoundServer) error {
	for {
		report, err := str.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		answers, err := d.instruct(report)
		if err != nil {
			return err
		}
		for _, answer := range answers {
			if err := str.Send(answer); err != nil {
				return err
			}
		}
	}
}

// instruct is what a van is told: nothing while it still has parcels to hand over where it stands.
func (d *depot) instruct(r *pb.VanReport) ([]*pb.Instruction, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.tick()
	switch what := r.What.(type) {
	case *pb.VanReport_LeftDepot:
		for _, id := range d.loaded[r.Van] {
			d.happened(id, &pb.TrackingEvent{Kind: pb.TrackingEvent_OUT_FOR_DELIVERY, At: at, Note: r.Van + " has left the depot"})
		}
	case *pb.VanReport_Arrived_:
		stop := d.stop(r.Van)
		if stop.At.Town != what.Arrived.Town {
			return nil, status.Errorf(codes.OutOfRange, "%s is in %s, its stop is in %s", r.Van, what.Arrived.Town, stop.At.Town)
		}
		return []*pb.Instruction{{What: &pb.Instruction_HandOver{HandOver: stop}, StopsLeft: uint32(len(d.loaded[r.Van]))}}, nil
	case *pb.VanReport_Delivered_:
		id := what.Delivered.ParcelId
		p, ok := d.parcels[id]
		if !ok {
			return nil, d.noParcel(id)
		}
		p.Place = &pb.Parcel_Handover{Handover: &pb.Handover{At: at, ReceivedBy: what.Delivered.ReceivedBy}}
		rest := d.loaded[r.Van][:0:0]
		for _, other := range d.loaded[r.Van] {
			if other != id {
				rest = append(rest, other)
			}
		}
		d.loaded[r.Van] = rest
		d.happened(id, &pb.TrackingEvent{Kind: pb.TrackingEvent_DELIVERED, At: at, Note: "received by " + what.Delivered.ReceivedBy})
	case *pb.VanReport_Trouble:
		return nil, fail(codes.Aborted, &errdetails.ErrorInfo{
			Reason: "VAN_OUT_OF_SERVICE", Domain: "depot.example",
			Metadata: map[string]string{"van": r.Van, "parcels_aboard": strings.Join(d.loaded[r.Van], ",")},
		}, "%s stays where it is (%s); another van takes over", r.Van, what.Trouble)
	}
	if len(d.loaded[r.Van]) == 0 {
		return []*pb.Instruction{{What: &pb.Instruction_ReturnTo{ReturnTo: "bay 2"}}}, nil
	}
	return []*pb.Instruction{{What: &pb.Instruction_DriveTo{DriveTo: d.stop(r.Van)}, StopsLeft: uint32(len(d.loaded[r.Van]))}}, nil
}

// stop is where the van's next parcel goes.
func (d *depot) stop(van string) *pb.Instruction_Stop {
	if len(d.loaded[van]) == 0 {
		return &pb.Instruction_Stop{At: &pb.Address{}}
	}
	id := d.loaded[van][0]
	return &pb.Instruction_Stop{At: d.parcels[id].To, ParcelIds: []string{id}}
}
