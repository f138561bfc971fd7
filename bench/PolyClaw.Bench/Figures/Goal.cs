using System.Globalization;

namespace PolyClaw.Bench.Figures;

/// <summary>What a figure has to reach.</summary>
internal abstract record Goal
{
    private Goal() { }

    /// <summary>The goal as the table shows it.</summary>
    public abstract string Text { get; }

    /// <summary>Whether it is reached; nothing where there is no goal.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="floor">Its floor; 0 where it has none.</param>
    public abstract bool? Met(double value, double floor);

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Only told.</summary>
    public sealed record None : Goal
    {
        public override string Text => "-";

        public override bool? Met(double value, double floor) => null;
    }

    /// <summary>At most so many times the floor.</summary>
    public sealed record Times(double Ratio) : Goal
    {
        public override string Text => $"<= {Number(Ratio)} x floor";

        public override bool? Met(double value, double floor) => value <= Ratio * floor;
    }

    /// <summary>At most so much more than the floor.</summary>
    public sealed record Added(double Most) : Goal
    {
        public override string Text => $"<= floor + {Number(Most)}";

        public override bool? Met(double value, double floor) => value - floor <= Most;
    }

    /// <summary>At most so many times the floor and so much more.</summary>
    public sealed record TimesAndMore(double Ratio, double More) : Goal
    {
        public override string Text => $"<= {Number(Ratio)} x floor + {Number(More)}";

        public override bool? Met(double value, double floor) => value <= (Ratio * floor) + More;
    }

    /// <summary>At most so much, whatever a floor says.</summary>
    public sealed record AtMost(double Most) : Goal
    {
        public override string Text => $"<= {Number(Most)}";

        public override bool? Met(double value, double floor) => value <= Most;
    }

    /// <summary>At most so many times the floor, and at most so much.</summary>
    public sealed record TimesUpTo(double Ratio, double Most) : Goal
    {
        public override string Text => $"<= {Number(Ratio)} x floor, <= {Number(Most)}";

        public override bool? Met(double value, double floor) => value <= Ratio * floor && value <= Most;
    }

    /// <summary>At least so many times the floor.</summary>
    public sealed record AtLeastTimes(double Ratio) : Goal
    {
        public override string Text => $">= {Number(Ratio)} x floor";

        public override bool? Met(double value, double floor) => value >= Ratio * floor;
    }
}
