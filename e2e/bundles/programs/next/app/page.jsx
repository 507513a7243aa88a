import { answer } from "../answer.js";

export const dynamic = "force-dynamic";

const Page = async ({ searchParams }) => {
  const { by } = await searchParams;
  // Next keeps this answer; it leaves the process once.
  const kept = await fetch(`${process.env.KEPT_URL}/${by}`, { next: { revalidate: 3600 } });
  return (
    <p>
      {await kept.text()}: {await answer()}
    </p>
  );
};

export { Page as default };
