using HmsMesh.Capacity.Dormitories;
using HmsMesh.Capacity.Facilities;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Services.Tests.Capacity;

public class SiteTests
{
    [Fact]
    public void Close_WithRoomElsewhere_MovesItsResidents()
    {
        var site = Site(threshold: 5, new Dormitory { Id = "a", Beds = 10, Residents = 6 }, new Dormitory { Id = "b", Beds = 10, Residents = 9 }, new Dormitory { Id = "c", Beds = 4, Residents = 4 });

        site.Close("c").ShouldBeNull();

        site["c"].ShouldBe(new Dormitory { Id = "c", Beds = 4, Residents = 0, Closed = true });
        site["a"].Residents.ShouldBe(10);
        site["b"].Residents.ShouldBe(9);
        site.BedsFree.ShouldBe(1);
        site.Alarm.ShouldBe(Alarm.Low);
        site.Changed.Select(d => d.Id).ShouldBe(["a", "c"], ignoreOrder: true);
    }

    [Fact]
    public void Close_WithoutRoomElsewhere_IsRefusedAndChangesNothing()
    {
        var site = Site(threshold: 1, new Dormitory { Id = "a", Beds = 10, Residents = 8 }, new Dormitory { Id = "b", Beds = 10, Residents = 3 });

        var refusal = site.Close("b");

        refusal.ShouldNotBeNull().Status.ShouldBe(StatusCodes.Status409Conflict);
        refusal.Detail.ShouldContain("2 free beds");
        site.Changed.ShouldBeEmpty();
        site.BedsFree.ShouldBe(9);
    }

    [Fact]
    public void Close_Twice_IsNoChangeTheSecondTime()
    {
        var site = Site(threshold: 0, new Dormitory { Id = "a", Beds = 10, Closed = true });

        site.Close("a").ShouldBeNull();

        site.Changed.ShouldBeEmpty();
    }

    [Fact]
    public void Reopen_OfALowFacility_RestoresIt()
    {
        var site = LowSite(threshold: 5, new Dormitory { Id = "a", Beds = 10, Residents = 9 }, new Dormitory { Id = "b", Beds = 8, Closed = true });

        site.Reopen("b").ShouldBeNull();

        site.BedsFree.ShouldBe(9);
        site.Alarm.ShouldBe(Alarm.Restored);
    }

    [Fact]
    public void Alarm_OnTheThreshold_IsNotLow()
    {
        var site = Site(threshold: 5, new Dormitory { Id = "a", Beds = 10, Residents = 4 });

        site.Admit("a", 1).ShouldBeNull();
        site.Alarm.ShouldBe(Alarm.None);

        site.Admit("a", 1).ShouldBeNull();
        site.Alarm.ShouldBe(Alarm.Low);
    }

    [Fact]
    public void Alarm_WhenItWasSaid_IsNotSaidAgain()
    {
        var site = LowSite(threshold: 5, new Dormitory { Id = "a", Beds = 10, Residents = 8 });

        site.Admit("a", 1).ShouldBeNull();

        site.Alarm.ShouldBe(Alarm.None);
    }

    [Theory]
    [InlineData(false, 3, "2 free beds, not 3")]
    [InlineData(true, 1, "is closed")]
    public void Admit_WithoutABed_IsRefused(bool closed, int residents, string why)
    {
        var site = Site(threshold: 0, new Dormitory { Id = "a", Name = "A", Beds = 10, Residents = closed ? 0 : 8, Closed = closed });

        site.Admit("a", residents).ShouldNotBeNull().Detail.ShouldContain(why);

        site.Changed.ShouldBeEmpty();
    }

    [Fact]
    public void Discharge_OfMoreThanLiveThere_IsRefused()
    {
        var site = Site(threshold: 0, new Dormitory { Id = "a", Beds = 10, Residents = 2 });

        site.Discharge("a", 3).ShouldNotBeNull().Status.ShouldBe(StatusCodes.Status409Conflict);
        site.Discharge("a", 2).ShouldBeNull();

        site.BedsFree.ShouldBe(10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyChanges_InAnyOrder_LoseNobodyAndOverfillNothing(int seed)
    {
        var random = new Random(seed);
        string[] ids = ["a", "b", "c", "d"];
        var site = Site(threshold: 7, [.. ids.Select(id => new Dormitory { Id = id, Beds = random.Next(1, 20) })]);
        var people = 0;
        for (var step = 0; step < 2000; step++)
        {
            var id = ids[random.Next(ids.Length)];
            var count = random.Next(1, 8);
            switch (random.Next(4))
            {
                case 0: site.Close(id); break;
                case 1: site.Reopen(id); break;
                case 2: people += site.Admit(id, count) is null ? count : 0; break;
                default: people -= site.Discharge(id, count) is null ? count : 0; break;
            }

            var all = ids.Select(i => site[i]).ToList();
            all.Sum(d => d.Residents).ShouldBe(people, $"step {step}");
            all.ShouldAllBe(d => d.Residents >= 0 && d.Residents <= d.Beds && (!d.Closed || d.Residents == 0));
            site.BedsFree.ShouldBe(all.Where(d => !d.Closed).Sum(d => d.Beds - d.Residents));
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(ResidentCount.Most, true)]
    [InlineData(ResidentCount.Most + 1, false)]
    public void ResidentCount_OutsideItsLimits_IsAFault(int? residents, bool valid) =>
        (new ResidentCount(residents).Fault is null).ShouldBe(valid);

    private static Site Site(int threshold, params Dormitory[] dormitories) => Make(threshold, low: false, dormitories);

    private static Site LowSite(int threshold, params Dormitory[] dormitories) => Make(threshold, low: true, dormitories);

    private static Site Make(int threshold, bool low, Dormitory[] dormitories) =>
        new(new Facility { Id = "home", Name = "Home", Threshold = threshold, Low = low }, dormitories);
}
