using HmsMesh.Capacity.Dormitories;

namespace HmsMesh.Capacity.Facilities;

/// <summary>A facility with its dormitories: the rules, without a database. A change that is refused changes nothing, and one that
/// is there already is no change.</summary>
internal sealed class Site(Facility facility, IEnumerable<Dormitory> dormitories)
{
    private readonly SortedDictionary<string, Dormitory> _dormitories = new(dormitories.ToDictionary(d => d.Id), StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    public Facility Facility { get; } = facility;

    /// <summary>Beds of open dormitories that nobody lives in.</summary>
    public int BedsFree => _dormitories.Values.Sum(d => d.BedsFree);

    /// <summary>The dormitories that a change has touched.</summary>
    public IEnumerable<Dormitory> Changed => _changed.Select(id => _dormitories[id]);

    public FacilityView View => new(Facility.Id, Facility.Name, BedsFree, Facility.Threshold, IsLow);

    /// <summary>Said on the edge only, so that one shortage is one event.</summary>
    public Alarm Alarm => (IsLow, Facility.Low) switch
    {
        (true, false) => Alarm.Low,
        (false, true) => Alarm.Restored,
        _ => Alarm.None,
    };

    public bool IsLow => BedsFree < Facility.Threshold;

    public Dormitory this[string id] => _dormitories[id];

    /// <summary>Takes a dormitory's beds out of use; its residents move to free beds of the facility's others.</summary>
    public Refusal? Close(string id)
    {
        var closing = _dormitories[id];
        if (closing.Closed)
            return null;
        var elsewhere = BedsFree - closing.BedsFree;
        if (elsewhere < closing.Residents)
        {
            return new(StatusCodes.Status409Conflict, "No room for its residents",
                $"{closing.Residents} residents live in {closing.Name}, and the other dormitories of {Facility.Name} have {elsewhere} free beds.");
        }

        var moving = closing.Residents;
        Put(closing with { Closed = true, Residents = 0 });
        foreach (var other in _dormitories.Values.Where(d => d.BedsFree > 0).ToList())
        {
            var taken = Math.Min(moving, other.BedsFree);
            if (taken == 0)
                break;
            Put(other with { Residents = other.Residents + taken });
            moving -= taken;
        }

        return null;
    }

    /// <summary>Puts a dormitory's beds into use again. Those who moved out stay where they are.</summary>
    public Refusal? Reopen(string id)
    {
        if (_dormitories[id] is { Closed: true } dormitory)
            Put(dormitory with { Closed = false });
        return null;
    }

    public Refusal? Admit(string id, int residents)
    {
        var dormitory = _dormitories[id];
        if (dormitory.Closed)
            return new(StatusCodes.Status409Conflict, "Dormitory is closed", $"{dormitory.Name} is closed; reopen it first.");
        if (residents > dormitory.BedsFree)
            return new(StatusCodes.Status409Conflict, "Not enough beds", $"{dormitory.Name} has {dormitory.BedsFree} free beds, not {residents}.");
        Put(dormitory with { Residents = dormitory.Residents + residents });
        return null;
    }

    public Refusal? Discharge(string id, int residents)
    {
        var dormitory = _dormitories[id];
        if (residents > dormitory.Residents)
        {
            return new(StatusCodes.Status409Conflict, "Not that many residents",
                $"{dormitory.Residents} residents live in {dormitory.Name}, not {residents}.");
        }

        Put(dormitory with { Residents = dormitory.Residents - residents });
        return null;
    }

    private void Put(Dormitory dormitory)
    {
        _dormitories[dormitory.Id] = dormitory;
        _changed.Add(dormitory.Id);
    }
}
