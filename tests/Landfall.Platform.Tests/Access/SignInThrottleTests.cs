using Landfall.Platform.Access;
using Microsoft.Extensions.Time.Testing;

namespace Landfall.Platform.Tests.Access;

public sealed class SignInThrottleTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Wait_AfterFailures_DoublesUpToAQuarterOfAnHour()
    {
        var throttle = new SignInThrottle(_time);
        var waits = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            throttle.Fail("anna", "10.0.0.1");
            waits.Add(throttle.Wait("anna", "10.0.0.1").TotalSeconds);
            _time.Advance(throttle.Wait("anna", "10.0.0.1"));
        }

        Assert.Equal([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900, 900], waits);
    }

    [Fact]
    public void Wait_OfOthers_IsNotTouched()
    {
        var throttle = new SignInThrottle(_time);
        Fail(throttle, 10, "anna", "10.0.0.1");
        Assert.True(throttle.Wait("ANNA", "10.0.0.1") > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, throttle.Wait("anna", "10.0.0.2"));
        Assert.Equal(TimeSpan.Zero, throttle.Wait("ben", "10.0.0.1"));
    }

    [Fact]
    public void Wait_ManyNamesFromOneAddress_SlowsTheAddress()
    {
        var throttle = new SignInThrottle(_time);
        for (var i = 0; i < 25; i++)
        {
            throttle.Fail($"user{i}", "10.0.0.1");
        }

        Assert.True(throttle.Wait("anna", "10.0.0.1") > TimeSpan.Zero);
    }

    [Fact]
    public void Wait_ManyAddressesForOneName_SlowsTheName()
    {
        var throttle = new SignInThrottle(_time);
        for (var i = 0; i < 60; i++)
        {
            throttle.Fail("anna", $"10.0.1.{i}");
        }

        Assert.True(throttle.Wait("anna", "10.0.2.1") > TimeSpan.Zero);
    }

    [Fact]
    public void Succeed_AfterFailures_StartsAnew()
    {
        var throttle = new SignInThrottle(_time);
        Fail(throttle, 5, "anna", "10.0.0.1");
        throttle.Succeed("anna", "10.0.0.1");
        Assert.Equal(TimeSpan.Zero, throttle.Wait("anna", "10.0.0.1"));
    }

    [Fact]
    public void Fail_ByManyStrangers_KeepsBounded()
    {
        var throttle = new SignInThrottle(_time);
        for (var i = 0; i < 30_000; i++)
        {
            throttle.Fail($"user{i}", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}");
        }

        Assert.InRange(throttle.Count, 1, 10_000);
    }

    private static void Fail(SignInThrottle throttle, int times, string name, string address)
    {
        for (var i = 0; i < times; i++)
        {
            throttle.Fail(name, address);
        }
    }
}
